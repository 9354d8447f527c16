/** The shells of an engine's fronts. A shell lives until somebody decides about its changes, or the engine ends. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { dirname, posix, resolve } from 'node:path';
import { printablePath } from '../host/byte-path.ts';
import { wasAborted } from '../host/process.ts';
import { findSnapshot } from '../phases/snapshot-reference.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import type { Change } from '../snapshots/change.ts';
import { PausedShell } from '../shells/paused-shell.ts';
import type { PtyShell } from '../shells/pty-shell.ts';
import type { TerminalSize } from '../shells/pty.ts';
import type { Engine } from './engine.ts';
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
  readonly snapshot: string;
  readonly title: string;
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
  readonly shell: PtyShell | PausedShell;
  readonly snapshot: string;
  readonly title: string;
  listeners: number;
  /** Where a patch is written: beside the derivation's file. */
  readonly directory: string;
}

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
    this.#shells.set(id, { shell, snapshot: record.id, title, listeners: 0, directory });
    return { shell: id, title };
  }

  /**
   * Opens a shell in a paused build of Nix. It ends with the build, which lives as long as its front listens: no front that
   * comes later finds it in the {@link list}.
   *
   * @throws StrataError `environment`; the signal's reason where it fired meanwhile.
   */
  async openPaused(
    { command, title }: { readonly command: readonly string[]; readonly title: string },
    size: TerminalSize,
    signal: AbortSignal,
  ): Promise<{ shell: string; title: string }> {
    const shell = await PausedShell.open(command, process.env, size);
    if (wasAborted(signal)) {
      await shell.discard();
      signal.throwIfAborted();
    }
    const id = randomBytes(8).toString('hex');
    this.#shells.set(id, { shell, snapshot: '', title, listeners: 0, directory: this.#cwd });
    return { shell: id, title };
  }

  list(): readonly ShellView[] {
    return [...this.#shells]
      .filter(([, { shell }]) => !(shell instanceof PausedShell))
      .map(([shell, { snapshot, title, listeners }]) => ({
        shell,
        snapshot,
        title,
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
    const { shell } = this.#get(id);
    const counts = { added: 0, modified: 0, removed: 0, inSources: 0 };
    const paths: ShellChanges['paths'][number][] = [];
    // What it does in a paused build is done to the build.
    if (shell instanceof PausedShell) return { ...counts, paths };
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
    const { shell, directory } = this.#get(id);
    if (shell instanceof PausedShell || disposition.kind === 'discard') {
      this.#shells.delete(id);
      await shell.discard();
      return { snapshot: null, patch: null };
    }
    switch (disposition.kind) {
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
    await Promise.all(shells.map(({ shell }) => shell.discard()));
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
