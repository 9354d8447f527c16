/**
 * What one pane asks of another. A request stays in the store until its pane, which may be loaded only then, takes it up.
 *
 * Each request has a `serial` of its own, so that asking for the same place twice is two requests: a pane does what is asked
 * in an effect that depends on the request object.
 */
import { create } from 'zustand';
import { selectPhase, selectSnapshot, useSelection } from './selection.ts';

export type PaneId = 'editor' | 'timeline' | 'log' | 'shell' | 'snapshots' | 'libraries';

/** A pane that is to be seen: expanded where it was collapsed. */
export interface ShowRequest {
  readonly serial: number;
  readonly pane: PaneId;
}

export interface LogRequest {
  readonly serial: number;
  readonly run: string;
  /** Null for the log of the whole run. */
  readonly phase: string | null;
  /** What is searched for in it; null for nothing. */
  readonly find: string | null;
}

export interface FileRequest {
  readonly serial: number;
  readonly path: string;
  /** From 1, as editors count; null for wherever the file is open. */
  readonly line: number | null;
  readonly column: number | null;
}

export interface BindingRequest {
  readonly serial: number;
  /** Names of attributes: the first that is bound in the target's file is shown. */
  readonly names: readonly string[];
}

export interface SnapshotFileRequest {
  readonly serial: number;
  readonly snapshot: string;
  /** Absolute, as inside the sandbox. */
  readonly path: string;
  /** From 1; null for the beginning. */
  readonly line: number | null;
}

export interface ShellRequest {
  readonly serial: number;
  readonly place: ShellPlace;
}

/** Where a shell is opened: in a state, or in the environment of the open target, outside the sandbox. */
export type ShellPlace =
  | { readonly kind: 'snapshot'; readonly snapshot: string }
  | { readonly kind: 'nix-shell'; readonly pure: boolean; readonly fresh: boolean }
  /** In a build by Nix that is paused at its failure. */
  | { readonly kind: 'paused'; readonly hold: string }
  /** In the sandbox of a failed phase that is held. */
  | { readonly kind: 'held'; readonly job: string; readonly by: 'nsenter' | 'cntr' };

export interface Panes {
  /** The pane asked for last; the layout makes room for it. */
  readonly show: ShowRequest | null;
  readonly log: LogRequest | null;
  readonly file: FileRequest | null;
  readonly binding: BindingRequest | null;
  readonly snapshotFile: SnapshotFileRequest | null;
  /** Shells asked for and not opened yet, the oldest first. */
  readonly shells: readonly ShellRequest[];
}

/** What is asked of the panes. */
export const usePanes = create<Panes>()(() => ({
  show: null,
  log: null,
  file: null,
  binding: null,
  snapshotFile: null,
  shells: [],
}));

let serials = 0;
const nextSerial = () => (serials += 1);
const shown = (pane: PaneId) => ({ show: { serial: nextSerial(), pane } });

/** Makes a pane visible: expands it, and ends the maximising of another. */
export function showPane(pane: PaneId): void {
  usePanes.setState(shown(pane));
}

/** Opens a shell in a state, in a new tab of the shell pane. */
export function openShell(snapshot: string): void {
  requestShell({ kind: 'snapshot', snapshot });
}

/** Opens a nix-shell of the open target, in a new tab of the shell pane. */
export function openNixShell({ pure = false, fresh = false } = {}): void {
  requestShell({ kind: 'nix-shell', pure, fresh });
}

/** Opens a shell in a build by Nix that is paused. */
export function openPausedShell(hold: string): void {
  requestShell({ kind: 'paused', hold });
}

/** Opens a shell in the sandbox of a failed phase that is held. */
export function openHeldShell(job: string, by: 'nsenter' | 'cntr'): void {
  requestShell({ kind: 'held', job, by });
}

function requestShell(place: ShellPlace): void {
  usePanes.setState(({ shells }) => ({
    ...shown('shell'),
    shells: [...shells, { serial: nextSerial(), place }],
  }));
}

/** For the shell pane: it has taken this request up. */
export function shellTaken(serial: number): void {
  usePanes.setState(({ shells }) => ({
    shells: shells.filter((request) => request.serial !== serial),
  }));
}

/** The log of a phase, or with `phase` null of the whole run; at the first line with the words of `find` where they are given. */
export function showLog(run: string, phase: string | null, find: string | null = null): void {
  usePanes.setState({ ...shown('log'), log: { serial: nextSerial(), run, phase, find } });
}

/** A file of this machine in the editor; `line` and `column` from 1. */
export function showFile(
  path: string,
  line: number | null = null,
  column: number | null = null,
): void {
  usePanes.setState({ ...shown('editor'), file: { serial: nextSerial(), path, line, column } });
}

/** The first of these attributes that the target's file binds, in the editor; else the file. */
export function showBinding(names: readonly string[]): void {
  usePanes.setState({ ...shown('editor'), binding: { serial: nextSerial(), names } });
}

/** A file as it is in a snapshot, in the snapshot browser; `line` from 1. */
export function showSnapshotFile(snapshot: string, path: string, line: number | null = null): void {
  if (useSelection.getState().snapshot !== snapshot) selectSnapshot(snapshot);
  usePanes.setState({
    ...shown('snapshots'),
    snapshotFile: { serial: nextSerial(), snapshot, path, line },
  });
}

/** The changes from `against` (null: its parent) to `snapshot`. */
export function compare(snapshot: string, against: string | null): void {
  selectSnapshot(snapshot, against);
  showPane('snapshots');
}

/** A phase of a run with its log in front. */
export function revealLog(run: string, phase: string, snapshot: string | null): void {
  selectPhase(run, phase, snapshot);
  showLog(run, phase);
}
