/** The shells of the window: one a tab, from the wish to open one until it is closed in the engine. */
import { create } from 'zustand';
import type { CallResult } from '../../src-main/protocol/methods.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { callEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { printable } from '../look/printable.ts';
import { targetTitle } from '../run-bar/target-path.ts';
import { askBeforeLeaving, endsWithWindow } from '../store/leaving.ts';
import { notify, tell } from '../store/notices.ts';
import { compare, type ShellPlace } from '../store/panes.ts';
import { useWish } from '../store/wish.ts';
import { refreshRuns } from '../store/runs.ts';

export type ShellState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'running'; readonly shell: string }
  /** `exitCode` is null where the engine ended before the shell did. */
  | { readonly kind: 'ended'; readonly shell: string; readonly exitCode: number | null }
  | { readonly kind: 'failed'; readonly error: WireError };

export interface ShellTab {
  /** The tab's own name in this window. */
  readonly id: string;
  /** What was asked for; null for a shell that another window has opened. */
  readonly place: ShellPlace | null;
  /** Where a nix-shell is kept; null for other shells, and until it is open. */
  readonly nixShell: string | null;
  /** Whether there are changes to decide about at its end: of a shell in a state alone. */
  readonly isLayered: boolean;
  readonly title: string;
  readonly state: ShellState;
}

export type ShellChanges = CallResult<'shellChanges'>;
export type Disposition =
  | { readonly kind: 'discard' }
  | { readonly kind: 'keep'; readonly name: string }
  | { readonly kind: 'patch'; readonly file: string };

export interface Shells {
  readonly tabs: readonly ShellTab[];
  readonly active: string | null;
  /** A shell that is to be closed and has changed something. */
  readonly closing: { readonly id: string; readonly changes: ShellChanges } | null;
  /** A patch that was written: is the derivation to apply it? */
  readonly patch: string | null;
}

export const useShells = create<Shells>()(() => ({
  tabs: [],
  active: null,
  closing: null,
  patch: null,
}));

// Elsewhere shells outlive the window, and the next one shows them.
askBeforeLeaving(
  () => endsWithWindow() && useShells.getState().tabs.some(({ state }) => 'shell' in state),
);

let serials = 0;

/** A new tab; its terminal asks the engine for the shell once it knows its size. */
export function addShell(place: ShellPlace): void {
  serials += 1;
  const tab: ShellTab = {
    id: `shell-${serials}`,
    place,
    nixShell: null,
    isLayered: place.kind === 'snapshot',
    title: 'Opening…',
    state: { kind: 'opening' },
  };
  useShells.setState(({ tabs }) => ({ tabs: [...tabs, tab], active: tab.id }));
}

/** Takes up the shells of the engine that no window shows: those of this window before it was loaded anew. */
export async function takeUpShells(): Promise<void> {
  try {
    const open = await callEngine('shells', {});
    useShells.setState(({ tabs, active }) => {
      const known = new Set(tabs.map(({ state }) => ('shell' in state ? state.shell : null)));
      const found = open
        .filter(({ shell, shown }) => !shown && !known.has(shell))
        .map(({ shell, snapshot, title, nixShell }): ShellTab => {
          serials += 1;
          const state = { kind: 'running', shell } as const;
          const isLayered = snapshot !== null;
          return { id: `shell-${serials}`, place: null, nixShell, isLayered, title, state };
        });
      return { tabs: [...tabs, ...found], active: active ?? found.at(-1)?.id ?? null };
    });
  } catch (error) {
    if (!isCancelled(error)) notify(errorParts(error));
  }
}

export function activateShell(id: string): void {
  useShells.setState({ active: id });
}

interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** By tab: shells that the engine was asked for. A tab outlives its terminal on screen, and has one shell. */
const entering = new Map<string, Promise<string | null>>();

/** The shell of a tab, by its id in the engine, which is asked for it the first time; null where it cannot be had. */
export async function enterShell(id: string, size: TerminalSize): Promise<string | null> {
  const tab = useShells.getState().tabs.find((one) => one.id === id);
  if (tab === undefined || tab.state.kind === 'failed') return null;
  if (tab.state.kind === 'opening') {
    const entered = entering.get(id) ?? askForShell(tab, size);
    entering.set(id, entered);
    return entered.finally(() => entering.delete(id));
  }
  const { shell } = tab.state;
  if (tab.state.kind === 'running') {
    void callEngine('shellResize', { shell, ...size }).catch(ignoreLoss);
  }
  return shell;
}

/** Null also where the tab was closed meanwhile. */
async function askForShell({ id, place }: ShellTab, size: TerminalSize): Promise<string | null> {
  try {
    if (place === null) return null;
    const { shell, title, nixShell } = await openedAt(place, size);
    if (!useShells.getState().tabs.some((tab) => tab.id === id)) {
      void dispose(shell, { kind: 'discard' });
      return null;
    }
    change(id, { title, nixShell, state: { kind: 'running', shell } });
    return shell;
  } catch (error) {
    change(id, { title: titleOf(place), state: { kind: 'failed', error: errorParts(error) } });
    return null;
  }
}

/** Of a shell that was not opened. */
function titleOf(place: ShellPlace | null): string {
  if (place?.kind !== 'nix-shell') return 'Shell';
  const { target, attribute } = useWish.getState().wish;
  const name = attribute ?? targetTitle(target);
  return `nix-shell ${printable(name)}${place.pure ? ' (pure)' : ''}`;
}

async function openedAt(
  place: ShellPlace,
  size: TerminalSize,
): Promise<{ readonly shell: string; readonly title: string; readonly nixShell: string | null }> {
  if (place.kind === 'snapshot') {
    const { snapshot } = place;
    return { ...(await callEngine('openShell', { snapshot, ...size })), nixShell: null };
  }
  if (place.kind === 'held') {
    const { job, by } = place;
    return { ...(await callEngine('openHeldShell', { job, by, ...size })), nixShell: null };
  }
  if (place.kind === 'paused') {
    const { hold } = place;
    return { ...(await callEngine('openPausedShell', { hold, ...size })), nixShell: null };
  }
  const { wish } = useWish.getState();
  const { pure, fresh } = place;
  return callEngine('openNixShell', { wish, pure, fresh, ...size });
}

/**
 * The shell is over. Whoever left it by `exit` is asked what is to become of its changes, and where there are none the tab goes
 * with it. One that ended otherwise stays with what it printed.
 */
export function shellEnded(id: string, shell: string, exitCode: number | null): void {
  change(id, { state: { kind: 'ended', shell, exitCode } });
  if (exitCode === 0) void closeShellTab(id);
}

/** Another window shows the shell from now on. */
export function shellTakenOver(id: string): void {
  removeTab(id);
}

/** What was asked of a shell while the connection went is lost; that it is gone is shown elsewhere. */
export function ignoreLoss(): void {
  // Nothing to do.
}

/** Closes a tab; where its shell has changed something, asks what is to become of it. */
export async function closeShellTab(id: string): Promise<void> {
  const tab = useShells.getState().tabs.find((one) => one.id === id);
  if (tab === undefined) return;
  const { state } = tab;
  if (state.kind === 'opening' || state.kind === 'failed' || isLost(state)) {
    removeTab(id);
    return;
  }
  try {
    const changes = await callEngine('shellChanges', { shell: state.shell });
    if (changes.added + changes.modified + changes.removed === 0) {
      await finishClosing(id, { kind: 'discard' });
    } else {
      useShells.setState({ closing: { id, changes }, active: id });
    }
  } catch (error) {
    const parts = errorParts(error);
    // An engine that has restarted knows nothing of the shell: there is nothing left to decide.
    if (parts.code === 'not-found') removeTab(id);
    else notify(parts);
  }
}

export function cancelClosing(): void {
  useShells.setState({ closing: null });
}

/** Ends the shell and does with its changes what was decided. The tab stays where that fails. */
export async function finishClosing(id: string, disposition: Disposition): Promise<boolean> {
  const tab = useShells.getState().tabs.find((one) => one.id === id);
  const { state } = tab ?? {};
  if (state?.kind !== 'running' && state?.kind !== 'ended') return true;
  const result = await dispose(state.shell, disposition);
  if (result === null) return false;
  removeTab(id);
  if (disposition.kind === 'keep') {
    // The palette offers what it knows of when it opens: what is told of it is true only then.
    await refreshRuns();
    tell(`Kept as ${disposition.name}: the palette opens shells in it and runs from it.`);
    if (result.snapshot !== null) compare(result.snapshot, null);
  }
  if (result.patch !== null) useShells.setState({ patch: result.patch });
  return true;
}

export function patchAnswered(): void {
  useShells.setState({ patch: null });
}

async function dispose(
  shell: string,
  disposition: Disposition,
): Promise<CallResult<'closeShell'> | null> {
  try {
    return await callEngine('closeShell', { shell, disposition });
  } catch (error) {
    notify(errorParts(error));
    return null;
  }
}

function isLost(state: ShellState): boolean {
  return state.kind === 'ended' && state.exitCode === null;
}

function removeTab(id: string): void {
  useShells.setState(({ tabs, active, closing }) => {
    const at = tabs.findIndex((tab) => tab.id === id);
    const left = tabs.filter((tab) => tab.id !== id);
    const next = left[Math.min(at, left.length - 1)]?.id ?? null;
    return {
      tabs: left,
      active: active === id ? next : active,
      closing: closing?.id === id ? null : closing,
    };
  });
}

function change(id: string, next: Partial<ShellTab>): void {
  useShells.setState(({ tabs }) => ({
    tabs: tabs.map((tab) => (tab.id === id ? { ...tab, ...next } : tab)),
  }));
}
