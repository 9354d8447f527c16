/** The shells of an engine's fronts. A shell lives until somebody decides about its changes, or the engine ends. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { dirname, posix, resolve } from 'node:path';
import { printablePath } from '../host/byte-path.ts';
import { wasAborted } from '../host/process.ts';
import { findSnapshot } from '../phases/snapshot-reference.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import type { Change } from '../snapshots/change.ts';
import { PlainTerminal } from '../shells/plain-terminal.ts';
import type { PtyShell } from '../shells/pty-shell.ts';
import type { TerminalSize } from '../shells/pty.ts';
import { removeShellDirectory } from '../shells/nix-shell-directories.ts';
import type { Engine } from './engine.ts';
import type { PreparedNixShell } from './nix-shell.ts';
import { checkFree } from './open-shell.ts';

export type Disposition =
  | { readonly kind: 'discard' }
  | { readonly kind: 'keep'; readonly name: string }
  | { readonly kind: 'patch'; readonly file: string };

export type ShellItem =
  | { readonly kind: 'output'; readonly data: string }
  | { readonly kind: 'exit'; readonly exitCode: number };

/** A shell as a front that comes later finds it. */
export interface ShellView {
  readonly shell: string;
  /** Null for a terminal that is in no snapshot. */
  readonly snapshot: string | null;
  readonly title: string;
  /** Where a nix-shell is kept; null for other shells. */
  readonly nixShell: string | null;
  /** Whether a front listens to it. */
  readonly shown: boolean;
}

export interface ShellChanges {
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
  /** How many of them a patch of the sources speaks of. */
  readonly inSources: number;
  /** The first of them. */
  readonly paths: readonly {
    readonly kind: Change['kind'];
    readonly path: string;
    readonly inSources: boolean;
  }[];
}

/** Changed paths that are named. */
const MOST_PATHS = 200;

interface OpenShell {
  readonly shell: PtyShell | PlainTerminal;
  /** What there is to decide about at its end; null for a terminal without a layer. */
  readonly layered: Layered | null;
  readonly title: string;
  readonly nixShell: NixShellPlace | null;
  listeners: number;
}

/** Where a nix-shell is. */
export interface NixShellPlace {
  /** Its sources and outputs, which stay. */
  readonly kept: string;
  /** What it has for itself while it is open. */
  readonly own: string;
}

interface Layered {
  readonly shell: PtyShell;
  readonly snapshot: string;
  /** Where a patch is written: beside the derivation's file. */
  readonly directory: string;
}

const NO_CHANGES: ShellChanges = { added: 0, modified: 0, removed: 0, inSources: 0, paths: [] };

export class OpenShells {
  readonly #engine: Engine;
  readonly #cwd: string;
  readonly #shells = new Map<string, OpenShell>();

  constructor(engine: Engine, cwd: string) {
    this.#engine = engine;
    this.#cwd = cwd;
  }

  /** @throws StrataError as {@link Engine.openPtyShell} does; the signal's reason where it fired meanwhile. */
  async open(
    snapshot: string,
    size: TerminalSize,
    signal: AbortSignal,
  ): Promise<{ shell: string; title: string }> {
    const { store } = this.#engine;
    // All that can fail comes before there is a shell.
    const run = await store.run((await findSnapshot(store, snapshot)).record.run);
    const { shell, record } = await this.#engine.openPtyShell(snapshot, size, signal);
    if (wasAborted(signal)) {
      // Its front is gone, and no other knows of it.
      await shell.discard();
      signal.throwIfAborted();
    }
    const id = randomBytes(8).toString('hex');
    const failed = record.status === 'failed' ? ' (failed)' : '';
    const title = record.name ?? `${record.phase}${failed}`;
    const directory = directoryOf(run?.target, this.#cwd);
    const layered = { shell, snapshot: record.id, directory };
    this.#shells.set(id, {
      shell,
      layered,
      title,
      nixShell: null,
      listeners: 0,
    });
    return { shell: id, title };
  }

  /**
   * Takes a terminal in that is in no snapshot.
   *
   * @param nixShell where a nix-shell is; null for other programs
   */
  add(terminal: PlainTerminal, title: string, nixShell: NixShellPlace | null): { shell: string } {
    const id = randomBytes(8).toString('hex');
    this.#shells.set(id, { shell: terminal, layered: null, title, nixShell, listeners: 0 });
    return { shell: id };
  }

  /** Opens a nix-shell that was prepared. @throws the signal's reason where it fired meanwhile. */
  async openNixShell(
    { kept, title, ...program }: PreparedNixShell,
    size: TerminalSize,
    signal: AbortSignal,
  ): Promise<{ shell: string; title: string; nixShell: string }> {
    const { own } = program;
    const leave = async (): Promise<void> => removeShellDirectory(own);
    try {
      signal.throwIfAborted();
      const terminal = await PlainTerminal.open(program, size);
      void terminal.ended.then(leave);
      if (wasAborted(signal)) {
        // Its front is gone, and no other knows of it.
        await terminal.close();
        signal.throwIfAborted();
      }
      return { ...this.add(terminal, title, { kept, own }), title, nixShell: kept };
    } catch (error) {
      await leave();
      throw error;
    }
  }

  /** Where a nix-shell is. @throws StrataError `not-found` where the shell is none. */
  nixShell(id: string): NixShellPlace {
    const { nixShell } = this.#get(id);
    if (nixShell !== null) return nixShell;
    throw new StrataError({
      code: 'not-found',
      operation: 'looking for the phases of a shell',
      reason: 'it is no nix-shell',
    });
  }

  /**
   * Opens a terminal with a program that enters what waits at a failure, with which it ends.
   *
   * @throws StrataError `environment`; the signal's reason where it fired meanwhile.
   */
  async openProgram(
    { command, title }: { readonly command: readonly string[]; readonly title: string },
    size: TerminalSize,
    signal: AbortSignal,
  ): Promise<{ shell: string; title: string }> {
    const [file = '', ...args] = command;
    const program = { argv: [file, ...args] as const, env: process.env, directory: this.#cwd };
    const terminal = await PlainTerminal.open(program, size);
    if (wasAborted(signal)) {
      await terminal.close();
      signal.throwIfAborted();
    }
    return { ...this.add(terminal, title, null), title };
  }

  /** Those that are open, for a front that comes. */
  list(): readonly ShellView[] {
    // Of one that has ended, has nothing to decide about and is on nobody's screen, nothing is to be had.
    for (const [id, { shell, layered, listeners }] of this.#shells) {
      if (layered === null && listeners === 0 && shell.output.isOver) this.#shells.delete(id);
    }
    return Array.from(this.#shells, ([shell, { layered, title, nixShell, listeners }]) => ({
      shell,
      snapshot: layered?.snapshot ?? null,
      title,
      nixShell: nixShell?.kept ?? null,
      shown: listeners > 0,
    }));
  }

  write(id: string, data: string): void {
    this.#get(id).shell.write(data);
  }

  resize(id: string, size: TerminalSize): void {
    this.#get(id).shell.resize(size);
  }

  async changes(id: string): Promise<ShellChanges> {
    const { layered } = this.#get(id);
    if (layered === null) return NO_CHANGES;
    const { shell } = layered;
    const counts = { added: 0, modified: 0, removed: 0, inSources: 0 };
    const paths: ShellChanges['paths'][number][] = [];
    const changes = await shell.changes();
    const holders = new Set(changes.map(({ path }) => posix.dirname(path)));
    for (const { kind, path } of changes) {
      // A directory that came or went with what is in it says nothing of its own.
      if (kind !== 'modified' && holders.has(path)) continue;
      const inSources = shell.isInSources(path);
      counts[kind] += 1;
      if (inSources) counts.inSources += 1;
      if (paths.length < MOST_PATHS) paths.push({ kind, path: printablePath(path), inSources });
    }
    return { ...counts, paths };
  }

  async *output(id: string, signal: AbortSignal): AsyncGenerator<ShellItem> {
    const open = this.#get(id);
    const { shell } = open;
    open.listeners += 1;
    try {
      for await (const data of shell.output.read(signal)) yield { kind: 'output', data };
      if (signal.aborted || !shell.output.isOver) return;
      yield { kind: 'exit', exitCode: (await shell.ended).exitCode };
    } finally {
      open.listeners -= 1;
    }
  }

  /** Where it fails, the shell's layer is still there, and another disposition can be chosen. */
  async close(
    id: string,
    disposition: Disposition,
  ): Promise<{ snapshot: string | null; patch: string | null }> {
    const { shell: terminal, layered } = this.#get(id);
    if (layered === null) {
      this.#shells.delete(id);
      if ('close' in terminal) await terminal.close();
      return { snapshot: null, patch: null };
    }
    const { shell, directory } = layered;
    switch (disposition.kind) {
      case 'discard':
        this.#shells.delete(id);
        await shell.discard();
        return { snapshot: null, patch: null };
      case 'keep': {
        await checkFree(this.#engine.store, disposition.name);
        const { id: snapshot } = await shell.keep(disposition.name);
        this.#shells.delete(id);
        return { snapshot, patch: null };
      }
      case 'patch': {
        const patch = resolve(directory, disposition.file);
        await writeNew(patch, await shell.patch());
        this.#shells.delete(id);
        await shell.discard();
        return { snapshot: null, patch };
      }
    }
  }

  /** Ends all; their changes are thrown away. */
  async closeAll(): Promise<void> {
    const shells = [...this.#shells.values()];
    this.#shells.clear();
    await Promise.all(
      shells.map(async ({ shell }) => ('close' in shell ? shell.close() : shell.discard())),
    );
  }

  #get(id: string): OpenShell {
    const open = this.#shells.get(id);
    if (open !== undefined) return open;
    throw new StrataError({
      code: 'not-found',
      operation: 'looking for a shell',
      reason: `there is no shell ${id}; it was closed`,
    });
  }
}

/** The directory of the file that a target names; the engine's own for a flake elsewhere. */
function directoryOf(target: string | undefined, cwd: string): string {
  const path = /^\/[^#?]*/.exec(target?.replace(/ -A .*$/, '') ?? '')?.[0];
  if (path === undefined || path.endsWith('.drv')) return cwd;
  return path.endsWith('.nix') ? dirname(path) : path;
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new StrataError({
      code: error.code === 'EEXIST' ? 'in-use' : 'environment',
      operation: `writing ${file}`,
      reason: error.code === 'EEXIST' ? 'there is a file of that name' : error.message,
      advice: 'choose another name',
      cause: error,
    });
  }
}
