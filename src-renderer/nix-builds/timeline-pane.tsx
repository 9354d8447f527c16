/** The timeline's pane: the phases of runs, or the derivations of a build by Nix. */
import { lazy, Suspense } from 'react';
import { PauseIcon } from '../look/icons.tsx';
import { PaneTools } from '../look/pane.tsx';
import { Segmented } from '../look/segmented.tsx';
import { Loading, Spinner } from '../look/states.tsx';
import { showNixBuilds, useNixBuilds } from '../store/nix-builds.ts';
import { PhaseTimeline } from '../timeline/phase-timeline.tsx';

import './nix-builds.css';

const NixBuildsView = lazy(async () => ({
  default: (await import('./nix-builds-view.tsx')).NixBuildsView,
}));

export function TimelinePane() {
  const shown = useNixBuilds((state) => state.shown);
  const known = useNixBuilds(({ builds }) => builds.length > 0);
  return (
    <>
      {known ? (
        <PaneTools>
          <Segmented
            label="What the timeline shows"
            segments={[
              { value: 'phases', label: 'Phases' },
              { value: 'nix', label: <NixLabel /> },
            ]}
            value={shown ? 'nix' : 'phases'}
            onChange={(value) => showNixBuilds(value === 'nix')}
          />
        </PaneTools>
      ) : null}
      {shown ? (
        <Suspense fallback={<Loading label="Loading builds by Nix" />}>
          <NixBuildsView />
        </Suspense>
      ) : (
        <PhaseTimeline />
      )}
    </>
  );
}

/** The word, with a sign where a build goes on or waits: one may look at the phases meanwhile. */
function NixLabel() {
  const waits = useNixBuilds(({ builds }) => builds.some(({ paused }) => paused !== null));
  const builds = useNixBuilds((state) => state.builds.some(({ live }) => live));
  return (
    <span className="nix-segment">
      Nix
      {waits ? (
        <>
          <PauseIcon />
          <span className="visually-hidden">, a build is paused</span>
        </>
      ) : builds ? (
        <Spinner label="building" />
      ) : null}
    </span>
  );
}
