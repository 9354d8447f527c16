/** The Shell pane: terminals in the states that phases left, one a tab. */
import { useEffect } from 'react';
import { Button } from '../look/button.tsx';
import { ClosableTabPanel, ClosableTabs } from '../look/closable-tabs.tsx';
import { PlusIcon, TerminalIcon } from '../look/icons.tsx';
import { Menu, type MenuEntry } from '../look/menu.tsx';
import { EmptyState } from '../look/states.tsx';
import { useConnection } from '../store/connection.ts';
import { openNixShell, openShell, shellTaken, usePanes } from '../store/panes.ts';
import { useSelection } from '../store/selection.ts';
import { ClosingQuestion } from './closing-question.tsx';
import { LinkQuestion } from './link-question.tsx';
import { PatchOffer } from './patch-offer.tsx';
import {
  activateShell,
  addShell,
  closeShellTab,
  takeUpShells,
  useShells,
  type ShellTab,
} from './shells.ts';
import { TerminalView } from './terminal-view.tsx';
import './shell.css';

export function ShellPane() {
  const { tabs, active } = useShells();
  const snapshot = useSelection((state) => state.snapshot);
  useRequestedShells();
  useShellsOfEngine();
  return (
    <>
      {active === null ? (
        <NoShell snapshot={snapshot} />
      ) : (
        <ClosableTabs
          label="Shells"
          tabs={tabs.map((tab) => ({
            value: tab.id,
            label: tab.title,
            ...(tab.nixShell === null ? {} : { title: `kept in ${tab.nixShell}` }),
            icon: <TerminalIcon />,
            mark: markOf(tab),
          }))}
          value={active}
          onChange={activateShell}
          onClose={(id) => void closeShellTab(id)}
          tools={
            <Menu align="end" entries={another(snapshot)}>
              <button type="button" className="icon-button" aria-label="Another shell">
                <PlusIcon />
              </button>
            </Menu>
          }
        >
          {tabs.map((tab) => (
            <ClosableTabPanel key={tab.id} value={tab.id}>
              <TerminalView tab={tab} active={tab.id === active} />
            </ClosableTabPanel>
          ))}
        </ClosableTabs>
      )}
      <ClosingQuestion />
      <PatchOffer />
      <LinkQuestion />
    </>
  );
}

function NoShell({ snapshot }: { readonly snapshot: string | null }) {
  return (
    <EmptyState
      icon={<TerminalIcon />}
      title="No shell is open"
      actions={
        <>
          {snapshot === null ? null : (
            <Button icon={<TerminalIcon />} onClick={() => openShell(snapshot)}>
              Open a shell in the selected state
            </Button>
          )}
          <Button icon={<TerminalIcon />} onClick={() => openNixShell()}>
            Open a nix-shell
          </Button>
        </>
      }
    >
      {snapshot === null
        ? 'A shell opens in the state a phase left: the same files, variables, functions and sandbox. Choose a phase in the timeline first.'
        : 'The same files, variables, functions and sandbox as the phase had. Nothing you do there changes the snapshot; at the end you decide what to keep.'}
    </EmptyState>
  );
}

/** What the button at the end of the row offers. */
function another(snapshot: string | null): readonly MenuEntry[] {
  return [
    {
      kind: 'action',
      label: 'Shell in the selected state',
      disabled: snapshot === null,
      act: () => (snapshot === null ? undefined : openShell(snapshot)),
    },
    { kind: 'separator' },
    { kind: 'action', label: 'nix-shell of the target', act: () => openNixShell() },
    {
      kind: 'action',
      label: 'Pure nix-shell of the target',
      act: () => openNixShell({ pure: true }),
    },
    {
      kind: 'action',
      label: 'Fresh nix-shell: without what an earlier one left',
      act: () => openNixShell({ fresh: true }),
    },
  ];
}

function markOf({ state }: ShellTab) {
  switch (state.kind) {
    case 'opening':
    case 'running':
      return null;
    case 'ended':
      return { says: 'ended', quiet: true };
    case 'failed':
      return { says: 'failed', quiet: true };
  }
}

/** Takes up shells that are open in the engine and in no window, after each connection. */
function useShellsOfEngine(): void {
  const connected = useConnection(({ state }) => state === 'connected');
  useEffect(() => {
    if (connected) void takeUpShells();
  }, [connected]);
}

/** Takes up the shells that other panes asked for, also those asked for before this pane was there. */
function useRequestedShells(): void {
  const requests = usePanes(({ shells }) => shells);
  useEffect(() => {
    // Asked for anew: an effect may run twice for the same rendering, a shell is opened once.
    for (const { serial, place } of usePanes.getState().shells) {
      shellTaken(serial);
      addShell(place);
    }
  }, [requests]);
}
