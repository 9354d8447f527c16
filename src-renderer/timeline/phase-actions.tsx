/** What can be done with a phase: its menu, and the same in the command palette. */
import {
  CheckIcon,
  DiffIcon,
  LogIcon,
  PlayIcon,
  SearchIcon,
  TerminalIcon,
} from '../look/icons.tsx';
import type { MenuEntry } from '../look/menu.tsx';
import { confirmRun } from '../store/confirmation.ts';
import { copyAndTell } from '../store/copy.ts';
import { askLeaving } from '../store/leaving-strata.ts';
import { isLive, useJob } from '../store/job.ts';
import { explainRun } from '../store/explanation.ts';
import { openPackage, packageOf } from '../store/package-of.ts';
import { compare, openShell, revealLog } from '../store/panes.ts';
import { run as startRun } from '../store/running.ts';
import { hasBreak, toggleBreak, useWish, type BreakWhere } from '../store/wish.ts';
import { commandLine } from './command-line.ts';
import { ago } from './duration.ts';
import type { Block, Lane } from './lanes.ts';

export interface Chosen {
  readonly lane: Lane;
  readonly block: Block;
}

const mostOffered = 14;

/** The menu of a phase; `lanes` are offered for comparison. */
export function phaseActions(
  { lane, block }: Chosen,
  lanes: readonly Lane[],
): readonly MenuEntry[] {
  const { wish } = useWish.getState();
  const busy = isLive(useJob.getState().job);
  const { run } = lane;
  const { phase, snapshot } = block;
  return [
    {
      kind: 'action',
      label: 'Resume from here',
      icon: <PlayIcon />,
      disabled: busy,
      act: () => void startRun({ from: phase }),
    },
    {
      kind: 'action',
      label: 'Run until here',
      disabled: busy,
      act: () => void startRun({ until: phase }),
    },
    { kind: 'separator' },
    breakEntry('Break before', 'before', phase),
    breakEntry('Break after', 'after', phase),
    { kind: 'separator' },
    {
      kind: 'action',
      label: block.state === 'failed' ? 'Open a shell at the failure' : 'Open a shell here',
      icon: <TerminalIcon />,
      disabled: snapshot === null,
      act: () => (snapshot === null ? undefined : openShell(snapshot)),
    },
    {
      kind: 'action',
      label: 'Explain the failure',
      icon: <SearchIcon />,
      disabled: busy || run === null || block.state !== 'failed',
      act: () => (run === null ? undefined : void explainRun(run)),
    },
    {
      kind: 'action',
      label: 'Reveal in log',
      icon: <LogIcon />,
      disabled: run === null || block.startedAt === null,
      act: () => (run === null ? undefined : revealLog(run, phase, snapshot)),
    },
    {
      kind: 'action',
      label: 'Show what it changed',
      icon: <DiffIcon />,
      disabled: snapshot === null,
      act: () => (snapshot === null ? undefined : compare(snapshot, null)),
    },
    {
      kind: 'submenu',
      label: 'Compare with…',
      entries: snapshot === null ? [] : comparisons(snapshot, phase, lane, lanes),
    },
    {
      kind: 'submenu',
      label: 'Export…',
      entries:
        snapshot === null
          ? []
          : [
              leavingEntry('OCI image…', 'oci', snapshot, phase),
              leavingEntry('Binary cache…', 'cache', snapshot, phase),
              leavingEntry('Show as a directory…', 'directory', snapshot, phase),
            ],
    },
    ...(run !== null && lane.unconfirmed
      ? [
          {
            kind: 'action' as const,
            label: 'Confirm the run by Nix',
            icon: <CheckIcon />,
            act: () => void confirmRun(run),
          },
        ]
      : []),
    { kind: 'separator' },
    {
      kind: 'action',
      label: 'Copy command line',
      act: () => void copyAndTell(commandLine({ ...wish, from: phase }), 'The command line'),
    },
    {
      kind: 'action',
      label: 'Copy snapshot id',
      disabled: snapshot === null,
      act: () => (snapshot === null ? undefined : void copyAndTell(snapshot, 'The snapshot’s id')),
    },
  ];
}

function leavingEntry(
  label: string,
  kind: 'oci' | 'cache' | 'directory',
  snapshot: string,
  phase: string,
): MenuEntry {
  return {
    kind: 'action',
    label,
    act: () => askLeaving({ kind, snapshot, phase, package: packageOf(snapshot) ?? openPackage() }),
  };
}

function breakEntry(label: string, where: BreakWhere, phase: string): MenuEntry {
  const checked = hasBreak(useWish.getState().wish, where, phase);
  return { kind: 'check', label, checked, act: () => toggleBreak(where, phase) };
}

/** The other states of this run, and the same phase in other runs. */
function comparisons(
  snapshot: string,
  phase: string,
  lane: Lane,
  lanes: readonly Lane[],
): readonly MenuEntry[] {
  const entry = (label: string, against: string): MenuEntry => ({
    kind: 'action',
    label,
    act: () => compare(snapshot, against),
  });
  const here = lane.blocks.flatMap((block) =>
    block.snapshot === null || block.snapshot === snapshot
      ? []
      : [entry(block.phase, block.snapshot)],
  );
  const elsewhere = lanes.flatMap((other) => {
    const against = other.blocks.find((one) => one.phase === phase)?.snapshot ?? null;
    if (other.id === lane.id || against === null || against === snapshot) return [];
    const when = other.createdAt === null ? '' : `, ${ago(other.createdAt, Date.now())}`;
    return [entry(`${phase} of the run ${other.id.slice(0, 8)}${when}`, against)];
  });
  return [
    ...(here.length === 0 ? [] : [{ kind: 'heading', label: 'Of this run' } as const]),
    ...here,
    ...(elsewhere.length === 0 ? [] : [{ kind: 'heading', label: 'Of other runs' } as const]),
    ...elsewhere.slice(0, mostOffered),
  ];
}
