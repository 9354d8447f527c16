/** A build by Nix: how it stands, and its derivations with their times. The log's pane shows what one of them printed. */
import { useEffect, useMemo, useState } from 'react';
import { Button, IconButton } from '../look/button.tsx';
import {
  CheckIcon,
  CrossIcon,
  LogIcon,
  PauseIcon,
  StopIcon,
  TimelineIcon,
} from '../look/icons.tsx';
import { PaneHeader } from '../look/pane.tsx';
import { printable } from '../look/printable.ts';
import { EmptyState, Loading, Spinner } from '../look/states.tsx';
import {
  buildAt,
  chooseDerivation,
  showNixBuilds,
  stopNixBuild,
  useNixBuilds,
  type ShownBuild,
} from '../store/nix-builds.ts';
import { BuildChooser } from './build-chooser.tsx';
import { BuildEnding } from './build-ending.tsx';
import { buildRows, buildSpan, buildSummary, chosenDerivation } from './build-rows.ts';
import { DerivationList } from './derivation-list.tsx';
import { PausedBanner } from './paused-banner.tsx';
import './nix-builds.css';

/** How often times go on (milliseconds). */
const TICK = 500;

export function NixBuildsView() {
  const build = useNixBuilds(buildAt);
  if (build === null) {
    return (
      <EmptyState
        icon={<TimelineIcon />}
        title="No build by Nix"
        actions={<Button onClick={() => showNixBuilds(false)}>Back to the phases</Button>}
      >
        Build with Nix, from the menu beside Run, and its derivations are here.
      </EmptyState>
    );
  }
  const all = [...build.derivations.values()];
  return (
    <div className="nix-build">
      <PaneHeader>
        <Outcome build={build} />
        <BuildChooser build={build} />
        <span className="nix-build-says">
          {printable(buildSummary(all, [...build.transfers.values()]))}
        </span>
        {build.live && build.paused === null ? (
          <Button look="danger" icon={<StopIcon />} onClick={() => void stopNixBuild(build.id)}>
            Stop the build by Nix
          </Button>
        ) : null}
        <IconButton label="Back to the phases" onClick={() => showNixBuilds(false)}>
          <CrossIcon />
        </IconButton>
      </PaneHeader>
      {(build.paused === null ? build.notes : []).map((note) => (
        <p key={note} className="nix-build-note">
          {printable(note)}
        </p>
      ))}
      {build.paused === null ? null : <PausedBanner paused={build.paused} />}
      <BuildEnding build={build} />
      {all.length > 0 ? (
        <Derivations build={build} />
      ) : build.end === null && build.error === null ? (
        <Loading label={build.root === null ? 'Evaluating' : 'Asking Nix what is to be built'} />
      ) : null}
    </div>
  );
}

function Derivations({ build }: { readonly build: ShownBuild }) {
  const chosen = useNixBuilds((state) => state.chosen);
  const now = useNow(build.live && build.paused === null);
  const all = useMemo(() => [...build.derivations.values()], [build.derivations]);
  const rows = useMemo(() => buildRows(all), [all]);
  const shown = chosenDerivation(build, chosen)?.derivation;
  return (
    <DerivationList
      rows={rows}
      at={Math.max(
        0,
        rows.findIndex((row) => row.build.derivation === shown),
      )}
      span={buildSpan(all, build.paused?.since ?? now)}
      now={now}
      paused={build.paused}
      onChoose={chooseDerivation}
    />
  );
}

function Outcome({ build }: { readonly build: ShownBuild }) {
  if (build.paused !== null) return <PauseIcon />;
  if (build.end === null && build.error === null) return <Spinner label="building" />;
  if (build.kind === 'log') return <LogIcon />;
  const isGood = build.end?.event === 'finished' && build.end.status === 'succeeded';
  return isGood ? <CheckIcon /> : <CrossIcon />;
}

function useNow(live: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    if (!live) return;
    const timer = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(timer);
  }, [live]);
  return now;
}
