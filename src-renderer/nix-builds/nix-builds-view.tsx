/** A build by Nix: its derivations with their times at the left, the log of one of them at the right. */
import { useEffect, useMemo, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { Button, IconButton } from '../look/button.tsx';
import { CheckIcon, CrossIcon, PauseIcon, StopIcon, TimelineIcon } from '../look/icons.tsx';
import { PaneHeader } from '../look/pane.tsx';
import { printable } from '../look/printable.ts';
import { EmptyState, Loading, Spinner } from '../look/states.tsx';
import { useShape } from '../look/use-shape.ts';
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
import { buildRows, buildSpan, buildSummary, tellingDerivation } from './build-rows.ts';
import { DerivationList } from './derivation-list.tsx';
import { DerivationLog } from './derivation-log.tsx';
import { PausedBanner } from './paused-banner.tsx';
import './nix-builds.css';

/** Pixels that derivations and a log need beside each other. */
const beside = 700;
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
        {build.live ? (
          <Button look="danger" icon={<StopIcon />} onClick={() => void stopNixBuild(build.id)}>
            Stop
          </Button>
        ) : null}
        <IconButton label="Back to the phases" onClick={() => showNixBuilds(false)}>
          <CrossIcon />
        </IconButton>
      </PaneHeader>
      {build.notes.map((note) => (
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
      ) : build.end?.event === 'finished' ? (
        <EmptyState title="Nothing had to be built" />
      ) : null}
    </div>
  );
}

/** Its derivations, and the log of one of them. */
function Derivations({ build }: { readonly build: ShownBuild }) {
  const chosen = useNixBuilds((state) => state.chosen);
  const now = useNow(build.live && build.paused === null);
  const [shape, measured] = useShape(beside);
  const all = useMemo(() => [...build.derivations.values()], [build.derivations]);
  const rows = useMemo(() => buildRows(all), [all]);
  const failed = build.end?.event === 'finished' ? build.end.failed : [];
  const telling = chosen ?? build.paused?.derivation ?? tellingDerivation(all, failed);
  const at = Math.max(
    0,
    rows.findIndex((row) => row.build.derivation === telling),
  );
  const shown = rows[at]?.build;
  if (shown === undefined) return null;
  return (
    <Group
      key={shape}
      elementRef={measured}
      orientation={shape === 'wide' ? 'horizontal' : 'vertical'}
      className="nix-build-group"
    >
      <Panel defaultSize={shape === 'wide' ? '50%' : '35%'} minSize="4rem">
        <DerivationList
          rows={rows}
          at={at}
          span={buildSpan(all, build.paused?.since ?? now)}
          now={now}
          paused={build.paused}
          onChoose={chooseDerivation}
        />
      </Panel>
      <Separator className="divider" aria-label="Size of the list of derivations" />
      <Panel minSize="5rem">
        <DerivationLog build={build} shown={shown} />
      </Panel>
    </Group>
  );
}

function Outcome({ build }: { readonly build: ShownBuild }) {
  if (build.paused !== null) return <PauseIcon />;
  if (build.end === null && build.error === null) return <Spinner label="building" />;
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
