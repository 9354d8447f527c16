/**
 * States shown as plain, read-only directories, for tools that know nothing of Strata. A mount in a user namespace is seen
 * in it alone, so there are three ways, the first that works is taken:
 *
 *     mount       a mount as the kernel has it: as root
 *     fuse        fuse-overlayfs, which is a program and slower, but anybody may start it
 *     copy        the files themselves, sharing blocks with the snapshot where the file system can
 *
 * What is mounted is noted in the cache directory (`mounts/…json`) before it is, so that a crash leaves nothing unknown, and
 * its snapshots stay when others are collected.
 */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, readFileSync } from 'node:fs';
import { access, mkdir, readFile, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { draftMaker, draftName, finishedNames } from '../host/draft.ts';
import {
  describingFileErrors,
  makeDirectories,
  describingNamedErrors,
  makeNamedDirectories,
  writeDurably,
} from '../host/durable.ts';
import { fullDisk, isFull } from '../host/full-disk.ts';
import { runTool } from '../host/process.ts';
import { programsOnPath } from '../host/programs.ts';
import { quoteForShell } from '../host/shell-word.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import { findSnapshot } from '../phases/snapshot-reference.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { derivationName } from '../protocol/store-name.ts';
import { mountScript } from '../snapshots/mount-command.ts';
import { isMountPoint } from '../snapshots/mount-table.ts';
import type { Mount } from '../snapshots/snapshotter.ts';
import { deleteTree } from '../snapshots/tree-removal.ts';
import { viewCommand } from '../snapshots/view-command.ts';
import { treeOf } from './image-layers.ts';

const recordSchema = z.object({
  snapshot: z.string(),
  phase: z.string(),
  /** Absolute and without links. */
  directory: z.string(),
  how: z.enum(['mount', 'fuse', 'copy']),
  /** Whether the directory was made for it, and goes with it. */
  made: z.boolean(),
  /** Where a copy is made before it gets its name; null for mounts. */
  draft: z.string().nullable(),
  /** Which directory a copy is ({@link identityOf}): one that a person made in its place is theirs. Null until it is made. */
  copied: z.string().nullable().default(null),
  /** Who is at making it, as drafts are named; null once it is there. */
  maker: z.string().nullable().default(null),
});

export type MountedState = Readonly<z.infer<typeof recordSchema>>;

const WAYS = ['mount', 'fuse', 'copy'] as const;

export class MountedStates {
  readonly #store: PhaseStore;
  readonly #env: Readonly<Record<string, string | undefined>>;

  constructor(store: PhaseStore, env: Readonly<Record<string, string | undefined>>) {
    this.#store = store;
    this.#env = env;
  }

  /** What is mounted now. What a crash, or a start of the machine, ended is cleared away. */
  async list(): Promise<readonly MountedState[]> {
    return (await this.#known()).filter((record) => !isBeingMade(record));
  }

  /** The snapshots whose files are what is seen at a mount, or will be in a moment: they must stay. */
  async needed(): Promise<ReadonlySet<string>> {
    const needing = (await this.#known()).filter((one) => one.how !== 'copy' || isBeingMade(one));
    return new Set(needing.map(({ snapshot }) => snapshot));
  }

  /** Those that are there or under way; others are cleared away. */
  async #known(): Promise<readonly MountedState[]> {
    const found: MountedState[] = [];
    for (const name of await finishedNames(this.#place)) {
      const record = await this.#read(join(this.#place, name));
      if (record === null) continue;
      if (isBeingMade(record) || isThere(record)) found.push(record);
      else await this.#forget(record);
    }
    return found;
  }

  /**
   * Shows a snapshot at a directory, which is made where it is missing.
   *
   * @throws StrataError `not-found`, `in-use` where the directory is not empty, `environment` where it cannot be made.
   */
  async mount(reference: string, given: string, signal: AbortSignal): Promise<MountedState> {
    const { record } = await findSnapshot(this.#store, reference);
    const operation = `showing ${derivationName(record.derivation)} after ${record.phase} at ${given}`;
    const made = !existsSync(given);
    const directory = await this.#checkedDirectory(given, operation);
    const refusals: string[] = [];
    for (const how of WAYS) {
      const missing = await this.#missing(how);
      if (missing !== null) {
        refusals.push(`${how}: ${missing}`);
        continue;
      }
      const draft = how === 'copy' ? join(dirname(directory), draftName()) : null;
      const about = { snapshot: record.id, phase: record.phase, directory, how, made, draft };
      const begun = { ...about, copied: null, maker: draftName() };
      let copied: string | null;
      try {
        await this.#note(begun);
        // Giving up a way took away what was made for it.
        await makeNamedDirectories(directory, operation);
        copied = await this.#show(begun, operation, signal);
      } catch (error) {
        await this.#forget(begun);
        const isLast = how === 'copy';
        // Of a mount the kernel says the same words where there are too many.
        if (isLast && isFull(error)) throw await this.#noRoom(error, begun, operation);
        if (isLast || !(error instanceof StrataError) || error.code !== 'environment') throw error;
        refusals.push(`${how}: ${error.output ?? error.reason}`);
        continue;
      }
      const state = { ...begun, copied, maker: null };
      await this.#note(state);
      return state;
    }
    throw new StrataError({
      code: 'environment',
      operation,
      reason: 'no way to show it works here',
      output: refusals.join('\n'),
    });
  }

  /** Ends what {@link mount} did. @throws StrataError `not-found`, or `in-use` where a program works in the directory. */
  async unmount(given: string): Promise<MountedState> {
    const operation = `unmounting ${given}`;
    const directory = await realpath(given).catch(() => resolve(given));
    const mounted = await this.list();
    const state = mounted.find((one) => one.directory === directory);
    if (state === undefined) {
      throw new StrataError({
        code: 'not-found',
        operation,
        reason: 'no snapshot is mounted there',
        advice:
          mounted.length === 0 ? 'strata mount SNAPSHOT DIR mounts one' : 'strata mount lists them',
        choices: mounted.map((one) => one.directory),
      });
    }
    try {
      await this.#end(state);
    } catch (error) {
      if (!(error instanceof StrataError) || !/busy/i.test(error.output ?? '')) throw error;
      throw new StrataError({
        code: 'in-use',
        operation,
        reason: 'a program works in it',
        advice: `leave the directory, or see who is there: fuser -vm ${directory}`,
        cause: error,
      });
    }
    await this.#forget(state);
    return state;
  }

  /** A copy fills the disk of the directory. */
  async #noRoom(
    error: unknown,
    { directory, snapshot }: MountedState,
    operation: string,
  ): Promise<StrataError> {
    const { snapshotter } = this.#store;
    let bytes = 0;
    for (let name: string | null = snapshot; name !== null;) {
      bytes += (await snapshotter.usage(name)).bytes;
      name = (await snapshotter.stat(name)).parent;
    }
    return fullDisk(error, {
      operation,
      place: dirname(directory),
      needed: { bound: 'up to', bytes },
      advice:
        'make room there, or name a place on a larger file system; fuse-overlayfs shows states without a copy: strata doctor',
    });
  }

  get #place(): string {
    return join(this.#store.root, 'mounts');
  }

  #recordOf(directory: string): string {
    const name = createHash('sha256').update(directory).digest('hex').slice(0, 16);
    return join(this.#place, `${name}.json`);
  }

  async #note(state: MountedState): Promise<void> {
    const file = this.#recordOf(state.directory);
    try {
      await makeDirectories(this.#place);
      await writeDurably(file, `${JSON.stringify(state)}\n`);
    } catch (error) {
      if (!isFull(error)) throw error;
      throw await fullDisk(error, {
        operation: `writing ${file}`,
        place: this.#store.root,
        needed: null,
        advice: 'make room there: strata gc --max-size SIZE removes snapshots nothing needs',
      });
    }
  }

  async #read(file: string): Promise<MountedState | null> {
    try {
      return recordSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      // Another process may have ended it a moment ago.
      if (isSystemError(error) && error.code === 'ENOENT') return null;
      throw new StrataError({
        code: 'format',
        operation: `reading ${file}`,
        reason: 'it is no record of a mounted snapshot',
        advice: 'remove it; what may still be mounted is in /proc/self/mounts',
        cause: error,
      });
    }
  }

  /** Clears away what is left of one that is not there any more. */
  async #forget({ directory, made, draft }: MountedState): Promise<void> {
    if (draft !== null && existsSync(draft)) await deleteTree(draft);
    // Only where it is empty: what a person put there since is theirs.
    if (made) await rmdir(directory).catch(() => undefined);
    await rm(this.#recordOf(directory), { force: true });
  }

  async #checkedDirectory(given: string, operation: string): Promise<string> {
    return describingNamedErrors(operation, async () => {
      await makeNamedDirectories(given, operation);
      const directory = await realpath(given);
      const isEmpty = (await readdir(directory)).length === 0;
      if (isEmpty && !isMounted(directory)) return directory;
      const isShown = (await this.list()).some((one) => one.directory === directory);
      throw new StrataError({
        code: 'in-use',
        operation,
        reason: isShown
          ? 'a state is shown there already'
          : isEmpty
            ? 'something is mounted there already'
            : 'the directory is not empty',
        advice: isShown
          ? `name another, or end that first: strata umount ${quoteForShell(directory)}, or Mounted states in the window`
          : 'name an empty one, or one that is to be made',
      });
    });
  }

  /** Why a way cannot be gone; null where it can be tried. */
  async #missing(how: MountedState['how']): Promise<string | null> {
    if (how === 'mount') return process.getuid?.() === 0 ? null : 'only root may';
    if (how === 'copy') return null;
    const tools = ['fuse-overlayfs', 'fusermount3', 'fusermount'] as const;
    const found = await programsOnPath(tools, this.#env['PATH']);
    if (!found.includes('fuse-overlayfs')) return 'the program fuse-overlayfs is not on PATH';
    if (found.length < 2) return 'the program fusermount3 is not on PATH';
    return access('/dev/fuse').then(
      () => null,
      () => 'there is no /dev/fuse',
    );
  }

  /** Gives which directory a copy is; null for mounts. */
  async #show(state: MountedState, operation: string, signal: AbortSignal): Promise<string | null> {
    const { snapshot, directory, how } = state;
    const mount = await this.#mountOf(snapshot);
    switch (how) {
      case 'mount': {
        const { cwd, script } = mountScript(mount, directory);
        // A file that came with an image from elsewhere may not lend anybody rights here.
        const locked = `${script}\nmount -o remount,bind,ro,nosuid,nodev "$0"`;
        await runTool({ operation, tool: 'sh', args: ['-ec', locked, directory], cwd, signal });
        return null;
      }
      case 'fuse': {
        const layers = mount.kind === 'bind' ? [mount.source] : mount.lower;
        const lower = layers.map((path) => path.replace(/[\\:,]/g, '\\$&')).join(':');
        const args = ['-o', `lowerdir=${lower}`, directory];
        await runTool({ operation, tool: 'fuse-overlayfs', args, signal });
        // It goes into the background also where it could not mount.
        if (!isMounted(directory)) throw notMounted(operation);
        return null;
      }
      case 'copy':
        return this.#copy(mount, state, signal);
    }
  }

  /** In a namespace where the state is mounted, which only the copying sees. */
  async #copy(mount: Mount, state: MountedState, signal: AbortSignal): Promise<string | null> {
    const { directory, draft } = state;
    if (draft === null) throw new TypeError('a copy has a place where it is made');
    const operation = `copying the state to ${directory}`;
    // Where a sweep finds it.
    const view = join(this.#store.root, basename(draft));
    return describingFileErrors(operation, async () => {
      try {
        await mkdir(draft);
        // In the namespace no groups are known but the user's first.
        const copy =
          'cp -a --no-preserve=ownership --reflink=auto -- "$0/." "$1/" && chmod -R a-w -- "$1"';
        const [tool, ...args] = viewCommand(mount, view, ['sh', '-c', copy, view, draft]);
        await runTool({ operation, tool, args, signal });
        // A directory that cannot be written to cannot be renamed over either.
        chmodSync(draft, 0o755);
        const copied = identityOf(draft);
        await this.#note({ ...state, copied });
        await rename(draft, directory);
        chmodSync(directory, 0o555);
        return copied;
      } finally {
        await rm(view, { recursive: true, force: true });
      }
    });
  }

  /** The mount that shows a snapshot and can only be read. */
  async #mountOf(snapshot: string): Promise<Mount> {
    const { snapshotter } = this.#store;
    const lower: string[] = [];
    for (let name: string | null = snapshot; name !== null;) {
      const tree = await treeOf(snapshotter, name);
      lower.push(tree);
      // A whole tree has all that is older.
      if (basename(tree) === 'tree') break;
      name = (await snapshotter.stat(name)).parent;
    }
    const [only] = lower;
    if (lower.length === 1 && only !== undefined)
      return { kind: 'bind', source: only, readOnly: true };
    return { kind: 'overlay', lower, upper: null };
  }

  async #end({ directory, how, made }: MountedState): Promise<void> {
    const operation = `unmounting ${directory}`;
    // That a mount is busy is read in their words.
    const env = { ...process.env, LC_ALL: 'C' };
    if (how === 'copy') {
      await deleteTree(directory);
      if (!made) await mkdir(directory);
      return;
    }
    if (how === 'mount') {
      await runTool({ operation, tool: 'umount', args: [directory], env });
      return;
    }
    const [tool = 'fusermount3'] = await programsOnPath(
      ['fusermount3', 'fusermount'],
      this.#env['PATH'],
    );
    await runTool({ operation, tool, args: ['-u', directory], env });
  }
}

function isMounted(directory: string): boolean {
  return isMountPoint(readFileSync('/proc/self/mountinfo', 'utf8'), directory);
}

function isThere({ how, directory, copied }: MountedState): boolean {
  if (how !== 'copy') return isMounted(directory);
  return copied !== null && identityOf(directory) === copied;
}

/** A number of a directory is given again; with the time when its names last changed it is not. Null for nothing. */
function identityOf(directory: string): string | null {
  const stat = lstatSync(directory, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.ino}-${stat.mtimeNs}`;
}

/** A moment ago it was not there, and in another it will be: by another command, or for another window. */
function isBeingMade({ maker, draft }: MountedState): boolean {
  const isAlive = (name: string): boolean => draftMaker(basename(name))?.state === 'alive';
  return (
    (maker !== null && isAlive(maker)) || (draft !== null && existsSync(draft) && isAlive(draft))
  );
}

function notMounted(operation: string): StrataError {
  return new StrataError({
    code: 'environment',
    operation,
    reason: 'fuse-overlayfs ended without a word',
  });
}
