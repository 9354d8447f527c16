/** The timeline's pane: the phases of runs, or the derivations of a build by Nix. */
import { lazy, Suspense } from 'react';
import { PaneTools } from '../look/pane.tsx';
import { Segmented } from '../look/segmented.tsx';
import { Loading } from '../look/states.tsx';
import { showNixBuilds, useNixBuilds } from '../store/nix-builds.ts';
import { PhaseTimeline } from '../timeline/phase-timeline.tsx';

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
              { value: 'nix', label: 'Nix' },
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
