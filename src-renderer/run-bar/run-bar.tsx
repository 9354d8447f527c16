/** The bar at the top: what to build, how, and go. */
import { useSyncExternalStore, type ReactNode } from 'react';
import { Button, IconButton } from '../look/button.tsx';
import { Select, type SelectOption } from '../look/fields.tsx';
import {
  ChevronDownIcon,
  MoreIcon,
  PlayIcon,
  ReuseIcon,
  SearchIcon,
  ShieldIcon,
  StopIcon,
  StrataIcon,
} from '../look/icons.tsx';
import { Menu, type MenuEntry } from '../look/menu.tsx';
import { Spinner } from '../look/states.tsx';
import { Tooltip } from '../look/tooltip.tsx';
import type { Wish } from '../../src-main/protocol/methods.ts';
import { onThemeChange, themeChoice } from '../look/theme.ts';
import { windowMenu } from '../palette/window-menu.ts';
import { confirmRun } from '../store/confirmation.ts';
import {
  showCaches,
  showMounts,
  showNixLogQuestion,
  showNixQuestion,
  showPalette,
} from '../store/overlays.ts';
import { askLeaving } from '../store/leaving-strata.ts';
import { openNixShell } from '../store/panes.ts';
import { useRuns } from '../store/runs.ts';
import { useSelection } from '../store/selection.ts';
import { useConnection } from '../store/connection.ts';
import { isLive, useJob } from '../store/job.ts';
import { answerPaused, run, stop } from '../store/running.ts';
import { closeTarget, setWish, useWish, withSandbox } from '../store/wish.ts';
import { control } from '../palette/keys.ts';
import { AttributeField } from './attribute-field.tsx';
import { Knobs } from './knobs.tsx';
import { TargetField } from './target-field.tsx';
import { targetTitle } from './target-path.ts';
import './run-bar.css';

const SANDBOXES: readonly SelectOption<Wish['sandbox']>[] = [
  { value: 'strict', label: 'Strict', says: 'Exactly what this machine’s Nix would show' },
  { value: 'relaxed', label: 'Relaxed', says: 'And the network or host paths of the options' },
  { value: 'off', label: 'Off', says: 'The whole host, still in layers' },
];

const REUSES: readonly SelectOption<Wish['reuse']>[] = [
  { value: 'smart', label: 'Smart', says: 'A phase runs again when what it uses has changed' },
  { value: 'strict', label: 'Strict', says: 'When anything it can see has changed' },
  { value: 'force', label: 'Force', says: 'Only when asked for: whatever has changed' },
];

export function RunBar() {
  const { wish } = useWish();
  const opened = wish.target !== '';
  // What the menu of Nix offers depends on them.
  useSelection(({ run }) => run);
  useRuns(({ runs }) => runs);
  return (
    <header className="run-bar">
      <h1 className="visually-hidden">Strata</h1>
      <Tooltip text="Welcome">
        <button type="button" className="run-bar-sign" aria-label="Welcome" onClick={closeTarget}>
          <StrataIcon />
        </button>
      </Tooltip>
      <TargetField />
      {opened ? (
        <>
          <AttributeField />
          <Select
            label="Sandbox"
            prefix={<Prefix icon={<ShieldIcon />} word="Sandbox" />}
            value={wish.sandbox}
            options={SANDBOXES}
            onChange={(sandbox) => setWish(withSandbox(wish, sandbox))}
          />
          <Select
            label="Reuse"
            prefix={<Prefix icon={<ReuseIcon />} word="Reuse" />}
            value={wish.reuse}
            options={REUSES}
            onChange={(reuse) => setWish({ reuse })}
          />
          <Knobs />
          <RunButton />
          <Menu align="end" entries={nixMenu()}>
            <Button>
              Nix <ChevronDownIcon />
            </Button>
          </Menu>
        </>
      ) : null}
      <span className="run-bar-space" />
      <IconButton label="Command palette" keys={control('K')} onClick={() => showPalette(true)}>
        <SearchIcon />
      </IconButton>
      <Menu align="end" entries={windowMenu(useSyncExternalStore(onThemeChange, themeChoice))}>
        <button type="button" className="icon-button" aria-label="Window menu">
          <MoreIcon />
        </button>
      </Menu>
    </header>
  );
}

/** What Nix itself does with the target. */
function nixMenu(): readonly MenuEntry[] {
  const { run } = useSelection.getState();
  const isGood = useRuns
    .getState()
    .runs.some(({ id, status }) => id === run && status === 'succeeded');
  return [
    { kind: 'action', label: 'Build with Nix…', act: () => showNixQuestion(true) },
    {
      kind: 'action',
      label:
        run === null || !isGood
          ? 'Confirm a run (choose one that succeeded)'
          : 'Confirm the chosen run',
      disabled: run === null || !isGood,
      act: () => (run === null ? undefined : void confirmRun(run)),
    },
    {
      kind: 'action',
      label: 'Open the log of an old build…',
      act: () => showNixLogQuestion(true),
    },
    { kind: 'separator' },
    { kind: 'action', label: 'Open a nix-shell', act: () => openNixShell() },
    { kind: 'action', label: 'Open a pure nix-shell', act: () => openNixShell({ pure: true }) },
    { kind: 'separator' },
    {
      kind: 'action',
      label: 'Export as a binary cache…',
      act: () => {
        const { target, attribute } = useWish.getState().wish;
        const chosen = attribute === '' ? null : attribute;
        const title = chosen ?? targetTitle(target);
        askLeaving({
          kind: 'target',
          target,
          attribute: chosen,
          title,
        });
      },
    },
    { kind: 'action', label: 'Import an OCI image…', act: () => askLeaving({ kind: 'import' }) },
    { kind: 'action', label: 'Binary caches…', act: () => showCaches(true) },
    { kind: 'action', label: 'Mounted states…', act: () => showMounts(true) },
  ];
}

/** Which of the two lists this is, where there is room for the word. */
function Prefix({ icon, word }: { readonly icon: ReactNode; readonly word: string }) {
  return (
    <>
      {icon}
      <span className="run-bar-word">{word}</span>
    </>
  );
}

function RunButton() {
  const { job, starting } = useJob();
  const connected = useConnection(({ state }) => state === 'connected');
  if (isLive(job)) {
    return (
      <>
        {job.paused === null ? null : (
          <Tooltip text="Go on from the breakpoint" keys={control('Enter')}>
            <Button
              look="primary"
              className="run-button"
              icon={<PlayIcon />}
              onClick={() => void answerPaused('continue')}
            >
              Continue
            </Button>
          </Tooltip>
        )}
        <Tooltip text="Stop the run" keys={control('.')}>
          <Button
            look="danger"
            className="run-button"
            icon={<StopIcon />}
            onClick={() => void stop()}
          >
            Stop
          </Button>
        </Tooltip>
      </>
    );
  }
  return (
    <Tooltip text="Run what the plan says" keys={control('Enter')}>
      <Button
        look="primary"
        className="run-button"
        icon={starting ? <Spinner label="Starting" /> : <PlayIcon />}
        disabled={!connected || starting}
        onClick={() => void run()}
      >
        Run
      </Button>
    </Tooltip>
  );
}
