/** The phases of a nix-shell in their order, each run by a click: in a row above its terminal, in a menu where that has no room. */
import { useState, type ReactNode } from 'react';
import type { NixShellPhase, NixShellWork } from '../../src-main/protocol/methods.ts';
import { Button } from '../look/button.tsx';
import { classNames } from '../look/class-names.ts';
import {
  CheckIcon,
  ChevronDownIcon,
  CrossIcon,
  PlayIcon,
  ReuseIcon,
  SkipIcon,
} from '../look/icons.tsx';
import { Menu, type MenuEntry } from '../look/menu.tsx';
import { PaneTools } from '../look/pane.tsx';
import { printable } from '../look/printable.ts';
import { Spinner } from '../look/states.tsx';
import { UnpackQuestion } from './unpack-question.tsx';
import {
  askNixShell,
  phaseText,
  useNixShell,
  whyBusy,
  type NixShellNews,
} from './use-nix-shell.ts';

export function NixShellPhases({
  shell,
  kept,
  place,
  onRun,
}: {
  readonly shell: string;
  /** Its directory. */
  readonly kept: string;
  /** `header`: of the pane. `none`: another tab is in front. */
  readonly place: 'row' | 'header' | 'none';
  readonly onRun: () => void;
}) {
  const news = useNixShell(shell);
  const [unpacking, setUnpacking] = useState(false);
  if (news === null || news.phases.length === 0) return null;
  const ask = (work: NixShellWork) => {
    askNixShell(shell, work);
    onRun();
  };
  const run = (phase: NixShellPhase) => {
    if (phase.name !== 'unpackPhase' || !wasRun(phase)) {
      ask({ kind: 'phase', name: phase.name });
      return;
    }
    // The question gives the focus back to what had it.
    onRun();
    setUnpacking(true);
  };
  const runLeft = () => ask({ kind: 'left' });
  return (
    <>
      {place === 'row' ? <PhaseRow news={news} onPhase={run} onLeft={runLeft} /> : null}
      {place === 'header' ? (
        <PaneTools>
          <Menu align="end" entries={entriesOf(news, run, runLeft)}>
            <Button look="ghost" icon={<ChevronDownIcon />}>
              Phases
            </Button>
          </Menu>
        </PaneTools>
      ) : null}
      {unpacking ? (
        <UnpackQuestion
          kept={kept}
          onClose={() => setUnpacking(false)}
          onUnpack={() => ask({ kind: 'unpack-afresh' })}
        />
      ) : null}
    </>
  );
}

function PhaseRow({
  news,
  onPhase,
  onLeft,
}: {
  readonly news: NixShellNews;
  readonly onPhase: (phase: NixShellPhase) => void;
  readonly onLeft: () => void;
}) {
  const busy = whyBusy(news);
  return (
    <div className="nix-shell-phases" role="group" aria-label="Phases">
      <Button
        icon={<PlayIcon />}
        disabled={busy !== null}
        title={busy ?? 'Runs the phases that have not succeeded here, up to the first that fails'}
        onClick={onLeft}
      >
        All left
      </Button>
      {news.phases.map((phase) => (
        <Button
          key={phase.name}
          look="ghost"
          className={classNames('nix-shell-phase', `nix-shell-${phase.state}`)}
          disabled={busy !== null}
          title={[phaseText(phase), ...(busy === null ? [] : [busy])].join('. ')}
          aria-label={`Run ${printable(phase.name)}, ${phaseText(phase)}`}
          icon={iconOf(phase)}
          onClick={() => onPhase(phase)}
        >
          {shortName(phase)}
        </Button>
      ))}
      {busy === null ? null : (
        <span className="nix-shell-busy" role="status">
          {busy}
        </span>
      )}
    </div>
  );
}

function entriesOf(
  news: NixShellNews,
  run: (phase: NixShellPhase) => void,
  runLeft: () => void,
): readonly MenuEntry[] {
  const busy = whyBusy(news);
  const disabled = busy !== null;
  return [
    ...(busy === null ? [] : [{ kind: 'heading', label: busy } as const]),
    { kind: 'action', label: 'All left', icon: <PlayIcon />, disabled, act: runLeft },
    { kind: 'separator' },
    ...news.phases.map((phase): MenuEntry => {
      const known = phase.state === 'waiting' ? '' : `: ${phaseText(phase)}`;
      const label = `${shortName(phase)}${known}`;
      return { kind: 'action', label, icon: iconOf(phase), disabled, act: () => run(phase) };
    }),
  ];
}

function shortName({ name }: NixShellPhase): string {
  return printable(name.replace(/Phase$/, ''));
}

function wasRun({ state }: NixShellPhase): boolean {
  return state !== 'waiting' && state !== 'skipped';
}

function iconOf({ state }: NixShellPhase): ReactNode {
  switch (state) {
    case 'waiting':
      return null;
    case 'skipped':
      return <SkipIcon />;
    case 'running':
      return <Spinner label="running" />;
    case 'done':
      return <CheckIcon />;
    case 'stale':
      return <ReuseIcon />;
    case 'failed':
      return <CrossIcon />;
  }
}
