/** Every action of the window, for the palette; those with keys are the shortcuts. */
import type { ReactNode } from 'react';
import { editorActions } from '../editor/editor-actions.ts';
import { PANE_ORDER, PANES } from '../layout/pane-list.tsx';
import { PlayIcon, StopIcon, SunIcon, TimelineIcon } from '../look/icons.tsx';
import type { MenuEntry } from '../look/menu.tsx';
import { chooseTheme } from '../look/theme.ts';
import { targetTitle } from '../run-bar/target-path.ts';
import { useConnection } from '../store/connection.ts';
import { confirmRun } from '../store/confirmation.ts';
import { copyAndTell } from '../store/copy.ts';
import { isLive, useJob } from '../store/job.ts';
import { askLeaving } from '../store/leaving-strata.ts';
import { toggleMaximised, resetLayout } from '../store/layout.ts';
import {
  showPalette,
  showShortcuts,
  showCaches,
  showMounts,
  showNixLogQuestion,
  showNixQuestion,
  showTraceQuestion,
} from '../store/overlays.ts';
import { compare, openNixShell, openShell, showLog } from '../store/panes.ts';
import { refreshPlan, shownPlan, usePlan } from '../store/plan.ts';
import { useRecent } from '../store/recent.ts';
import { answerPaused, run, stop } from '../store/running.ts';
import { refreshRuns, useRuns } from '../store/runs.ts';
import { selectPhase, useSelection } from '../store/selection.ts';
import {
  closeTarget,
  hasBreak,
  openTarget,
  toggleBreak,
  setWish,
  useWish,
  withNetwork,
  withSandbox,
} from '../store/wish.ts';
import { commandLine } from '../timeline/command-line.ts';
import { ago } from '../timeline/duration.ts';
import { exportTrace } from '../timeline/export-trace.ts';
import { runLane } from '../timeline/lanes.ts';
import { phaseActions } from '../timeline/phase-actions.tsx';
import { focusTarget } from './focus.ts';
import { goToPane } from './go-to-pane.ts';
import { alt, control } from './keys.ts';

export interface Command {
  readonly group: string;
  readonly label: string;
  readonly says?: string;
  readonly icon?: ReactNode;
  readonly keys?: string;
  readonly act: () => void;
}

/** Those that stand in the sheet of shortcuts, and those that make sense now. */
export function commands(): readonly Command[] {
  const { wish } = useWish.getState();
  return [
    ...(wish.target === ''
      ? []
      : [...running(), ...ofEditor(), ...chosenPhase(), ...phases(), ...keptStates()]),
    ...panes(),
    ...targets(),
    ...runsOfCache(),
    ...ofWindow(),
  ];
}

function running(): readonly Command[] {
  const { wish } = useWish.getState();
  const { job } = useJob.getState();
  const live = isLive(job);
  const group = 'Run';
  return [
    ...(live && job.paused !== null ? atBreakpoint(group) : []),
    live
      ? {
          group,
          label: 'Stop the run',
          icon: <StopIcon />,
          keys: control('.'),
          act: () => void stop(),
        }
      : { group, label: 'Run', icon: <PlayIcon />, keys: control('Enter'), act: () => void run() },
    {
      group,
      label: 'Copy the command line',
      says: commandLine(wish),
      act: () => void copyAndTell(commandLine(wish), 'The command line'),
    },
    ...(['strict', 'relaxed', 'off'] as const)
      .filter((sandbox) => sandbox !== wish.sandbox)
      .map((sandbox) => ({
        group,
        label: `Sandbox: ${sandbox}`,
        act: () => setWish(withSandbox(wish, sandbox)),
      })),
    ...(['smart', 'strict', 'force'] as const)
      .filter((reuse) => reuse !== wish.reuse)
      .map((reuse) => ({ group, label: `Reuse: ${reuse}`, act: () => setWish({ reuse }) })),
    { group, label: 'Build with Nix', act: () => showNixQuestion(true) },
    {
      group,
      label: 'Open the log of a build by Nix',
      act: () => showNixLogQuestion(true),
    },
    ...confirmable(group),
    { group, label: 'Open a nix-shell', act: () => openNixShell() },
    { group, label: 'Open a pure nix-shell', act: () => openNixShell({ pure: true }) },
    {
      group,
      label: wish.hold ? 'Do not hold on failure' : 'Hold the sandbox on failure',
      act: () => setWish({ hold: !wish.hold }),
    },
    // Without a sandbox there is no choice: a build has the host's.
    ...(wish.sandbox === 'off'
      ? []
      : [
          {
            group,
            label: wish.network ? 'Without network' : 'With network',
            act: () => setWish(withNetwork(wish, !wish.network)),
          },
        ]),
  ];
}

/** The newest run of the target that Nix has not confirmed. */
function confirmable(group: string): readonly Command[] {
  const { run: chosen } = useSelection.getState();
  const { runs } = useRuns.getState();
  const run = runs.find(({ id, status }) => id === chosen && status === 'succeeded');
  return run === undefined
    ? []
    : [{ group, label: 'Confirm the chosen run by Nix', act: () => void confirmRun(run.id) }];
}

function atBreakpoint(group: string): readonly Command[] {
  return [
    {
      group,
      label: 'Continue',
      icon: <PlayIcon />,
      keys: control('Enter'),
      act: () => void answerPaused('continue'),
    },
    { group, label: 'End the run at the breakpoint', act: () => void answerPaused('end') },
  ];
}

function ofEditor(): readonly Command[] {
  const group = 'Editor';
  return [
    { group, label: 'Save the file', keys: control('S'), act: editorActions.save },
    { group, label: 'Format the file', keys: control('Shift I'), act: editorActions.format },
    { group, label: 'Find in the file', keys: control('F'), act: editorActions.find },
    { group, label: 'Go to the definition', keys: 'F12', act: editorActions.goToDefinition },
    { group, label: 'Go to a line', keys: control('G'), act: editorActions.goToLine },
  ];
}

/** The menu of the phase that is selected. */
function chosenPhase(): readonly Command[] {
  const { run: id, phase } = useSelection.getState();
  const lanes = useRuns.getState().runs.map(runLane);
  const lane = lanes.find((one) => one.id === id);
  const block = lane?.blocks.find((one) => one.phase === phase);
  if (lane === undefined || block === undefined) return [];
  return phaseActions({ lane, block }, lanes).flatMap((entry) => fromMenu(entry, block.phase));
}

function fromMenu(entry: MenuEntry, group: string): readonly Command[] {
  switch (entry.kind) {
    case 'action':
      return entry.disabled === true
        ? []
        : [{ group, label: entry.label, icon: entry.icon, act: entry.act }];
    case 'submenu':
      return entry.entries.flatMap((one) =>
        fromMenu(one, group).map((command) => ({
          ...command,
          label: `${entry.label.replace(/…$/, '')} ${command.label}`,
        })),
      );
    case 'check':
    case 'heading':
    case 'separator':
      return [];
  }
}

function phases(): readonly Command[] {
  const { wish } = useWish.getState();
  const plan = shownPlan(usePlan.getState().state);
  return (plan?.phases ?? []).flatMap(({ name }) => [
    {
      group: 'Phases',
      label: `Resume from ${name}`,
      act: () => void run({ from: name }),
    },
    {
      group: 'Phases',
      label: `Run until ${name}`,
      act: () => void run({ until: name }),
    },
    ...(['before', 'after'] as const).map((where) => ({
      group: 'Phases',
      label: `${hasBreak(wish, where, name) ? 'Do not break' : 'Break'} ${where} ${name}`,
      act: () => toggleBreak(where, name),
    })),
  ]);
}

/** The states that a person kept from a shell, by the names they gave them. */
function keptStates(): readonly Command[] {
  return useRuns.getState().snapshots.flatMap(({ id, name }) =>
    name === null
      ? []
      : [
          { group: 'Kept states', label: `Look at ${name}`, act: () => compare(id, null) },
          { group: 'Kept states', label: `Open a shell in ${name}`, act: () => openShell(id) },
          {
            group: 'Kept states',
            label: `Run from ${name}`,
            says: 'the phases after it, on its files',
            act: () => void run({ from: name }),
          },
        ],
  );
}

function panes(): readonly Command[] {
  if (useWish.getState().wish.target === '') return [];
  return PANE_ORDER.flatMap((pane, index) => [
    {
      group: 'Panes',
      label: `Go to ${PANES[pane].name}`,
      icon: PANES[pane].icon,
      keys: alt(String(index + 1)),
      act: () => goToPane(pane),
    },
    {
      group: 'Panes',
      label: `Maximise ${PANES[pane].name}`,
      act: () => toggleMaximised(pane),
    },
  ]);
}

function targets(): readonly Command[] {
  const { targets: recent } = useRecent.getState();
  const examples = useConnection.getState().hello?.examples ?? [];
  return [
    { group: 'Open', label: 'Open a target', keys: control('O'), act: focusTarget },
    {
      group: 'Open',
      label: 'Import an OCI image',
      says: 'states that strata export oci wrote',
      act: () => askLeaving({ kind: 'import' }),
    },
    { group: 'Open', label: 'Binary caches', act: () => showCaches(true) },
    {
      group: 'Open',
      label: 'Mounted states',
      says: 'states shown as directories',
      act: () => showMounts(true),
    },
    {
      group: 'Open',
      label: 'Open a trace',
      says: 'LD_DEBUG, strace, sysdig',
      act: () => showTraceQuestion(true),
    },
    ...recent.map(({ target, attribute }) => ({
      group: 'Open',
      label: `Open ${targetTitle(target)}${attribute === null ? '' : ` ${attribute}`}`,
      says: target,
      act: () => openTarget(target, attribute),
    })),
    ...examples.map(({ name, path, says }) => ({
      group: 'Open',
      label: `Open the example ${name}`,
      says,
      act: () => openTarget(path),
    })),
  ];
}

const mostRuns = 15;

function runsOfCache(): readonly Command[] {
  const { runs } = useRuns.getState();
  const exporting = { group: 'Runs', label: 'Export the runs as Chrome trace' };
  return [
    ...(runs.length === 0
      ? []
      : [{ ...exporting, act: () => exportTrace(runs.map(runLane), 'strata-runs') }]),
    ...runs.slice(0, mostRuns).map(({ id, target, status, createdAt, phases: list }) => ({
      group: 'Runs',
      label: `Log of ${targetTitle(target)}, ${status}, ${ago(Date.parse(createdAt), Date.now())}`,
      says: id,
      icon: <TimelineIcon />,
      act: () => {
        const last = list.findLast((phase) => phase.snapshot !== null);
        if (last !== undefined) selectPhase(id, last.name, last.snapshot);
        showLog(id, null);
      },
    })),
    {
      group: 'Runs',
      label: 'Read plan and runs again',
      act: () => {
        refreshPlan();
        void refreshRuns();
      },
    },
  ];
}

function ofWindow(): readonly Command[] {
  const group = 'Window';
  return [
    { group, label: 'Command palette', keys: control('K'), act: () => showPalette(true) },
    { group, label: 'Keyboard shortcuts', keys: '?', act: () => showShortcuts(true) },
    { group, label: 'Welcome', act: closeTarget },
    { group, label: 'Reset the layout', act: resetLayout },
    ...(['light', 'dark', 'system'] as const).map((theme) => ({
      group,
      icon: <SunIcon />,
      label: theme === 'system' ? 'Appearance as the system' : `Appearance: ${theme}`,
      act: () => chooseTheme(theme),
    })),
  ];
}
