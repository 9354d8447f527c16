/** A build by Nix: its derivations with their times at the left, the log of one of them at the right. */
import { useEffect, useMemo, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { Button, IconButton } from '../look/button.tsx';
import {
  CheckIcon,
  CopyIcon,
  CrossIcon,
  FileIcon,
  StopIcon,
  TimelineIcon,
} from '../look/icons.tsx';
import { PaneHeader } from '../look/pane.tsx';
import { printable } from '../look/printable.ts';
import { EmptyState, ErrorState, Loading, Spinner } from '../look/states.tsx';
import { useShape } from '../look/use-shape.ts';
import { targetTitle } from '../run-bar/target-path.ts';
import { copyAndTell } from '../store/copy.ts';
import {
  chooseDerivation,
  showNixBuilds,
  stopNixBuild,
  useNixBuilds,
  type ShownBuild,
} from '../store/nix-builds.ts';
import { openTarget } from '../store/wish.ts';
import { duration } from '../timeline/duration.ts';
import { BuildLines } from './build-lines.tsx';
import {
  buildRows,
  buildSpan,
  buildSummary,
  derivationName,
  tellingDerivation,
} from './build-rows.ts';
import { DerivationList } from './derivation-list.tsx';
import './nix-builds.css';

/** Pixels that derivations and a log need beside each other. */
const beside = 700;
/** How often times go on (milliseconds). */
const TICK = 500;

export function NixBuildsView() {
  const { build } = useNixBuilds();
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
  return <Shown build={build} />;
}

function Shown({ build }: { readonly build: ShownBuild }) {
  const { chosen } = useNixBuilds();
  const now = useNow(build.live);
  const [shape, measured] = useShape(beside);
  const all = useMemo(() => [...build.derivations.values()], [build.derivations]);
  const rows = useMemo(() => buildRows(all), [all]);
  const failed = build.end?.event === 'finished' ? build.end.failed : [];
  const telling = chosen ?? tellingDerivation(all, failed);
  const at = Math.max(
    0,
    rows.findIndex((row) => row.build.derivation === telling),
  );
  const shown = rows[at]?.build;
  return (
    <div className="nix-build">
      <PaneHeader>
        <Outcome build={build} />
        <span className="nix-build-title">{printable(targetTitle(build.title))}</span>
        <span className="nix-build-says">
          {build.error === null ? printable(buildSummary(all, [...build.transfers.values()])) : ''}
        </span>
        {build.live ? (
          <Button look="danger" icon={<StopIcon />} onClick={() => void stopNixBuild()}>
            Stop
          </Button>
        ) : null}
        <IconButton label="Back to the phases" onClick={() => showNixBuilds(false)}>
          <CrossIcon />
        </IconButton>
      </PaneHeader>
      <Ending build={build} />
      {shown === undefined ? (
        build.live ? (
          <Loading label={build.root === null ? 'Evaluating' : 'Asking Nix what is to be built'} />
        ) : (
          <EmptyState title="Nothing had to be built" />
        )
      ) : (
        <Group
          key={shape}
          elementRef={measured}
          orientation={shape === 'wide' ? 'horizontal' : 'vertical'}
          className="nix-build-group"
        >
          <Panel defaultSize="50%" minSize="5rem">
            <DerivationList
              rows={rows}
              at={at}
              span={buildSpan(all, now)}
              now={now}
              onChoose={chooseDerivation}
            />
          </Panel>
          <Separator className="divider" aria-label="Size of the list of derivations" />
          <Panel minSize="5rem">
            <div className="nix-build-log">
              <p className="nix-build-chosen">
                <span>{printable(derivationName(shown.derivation))}</span>
                {shown.derivation.endsWith('.drv') ? (
                  <Button
                    look="ghost"
                    icon={<FileIcon />}
                    onClick={() => {
                      openTarget(shown.derivation);
                      showNixBuilds(false);
                    }}
                  >
                    Open as a target
                  </Button>
                ) : null}
              </p>
              {shown.reason === null ? null : (
                <p className="nix-build-reason">{printable(shown.reason)}</p>
              )}
              <BuildLines key={shown.derivation} build={build.id} derivation={shown} />
            </div>
          </Panel>
        </Group>
      )}
    </div>
  );
}

function Outcome({ build }: { readonly build: ShownBuild }) {
  if (build.live) return <Spinner label="building" />;
  const isGood = build.end?.event === 'finished' && build.end.status === 'succeeded';
  return isGood ? <CheckIcon /> : <CrossIcon />;
}

/** What it came to, once it has ended. */
function Ending({ build }: { readonly build: ShownBuild }) {
  if (build.error !== null) return <ErrorState error={build.error} />;
  const { end } = build;
  if (end === null) return null;
  if (end.event === 'stopped') {
    return (
      <p className="nix-build-end" role="status">
        {end.error === null ? 'Stopped.' : printable(end.error)}
        {end.advice === null ? '' : ` ${printable(end.advice)}`}
      </p>
    );
  }
  if (end.status === 'failed') {
    const [error] = end.failed.length === 0 ? end.errors : [];
    return (
      <p className="nix-build-end" role="status">
        Failed{end.ms > 0 ? ` after ${duration(end.ms)}` : ''}
        {error === undefined ? '.' : `: ${printable(error)}`}
      </p>
    );
  }
  return (
    <p className="nix-build-end" role="status">
      Built{end.ms > 0 ? ` in ${duration(end.ms)}` : ''}:{' '}
      {end.outputs.map((path) => (
        <span key={path} className="nix-build-output">
          <code>{printable(path)}</code>
          <IconButton
            label={`Copy ${path}`}
            onClick={() => void copyAndTell(path, 'The path of the output')}
          >
            <CopyIcon />
          </IconButton>
        </span>
      ))}
    </p>
  );
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
