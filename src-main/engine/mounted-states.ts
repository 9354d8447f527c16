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
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { access, mkdir, readFile, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { draftMaker, draftName, finishedNames } from '../host/draft.ts';
import {
  describingFileErrors,
  makeDirectories,
  makeNamedDirectories,
  writeDurably,
} from '../host/durable.ts';
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
    const found: MountedState[] = [];
    for (const name of await finishedNames(this.#place)) {
      const record = await this.#read(join(this.#place, name));
      if (record === null) continue;
      if (isThere(record)) found.push(record);
      else if (record.draft === null || !isBeingMade(record.draft)) await this.#forget(record);
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
      const state = { snapshot: record.id, phase: record.phase, directory, how, made, draft };
      await this.#note(state);
      try {
        await this.#show(state, operation, signal);
        return state;
      } catch (error) {
        await this.#forget(state);
        const isLast = how === 'copy';
        if (isLast || !(error instanceof StrataError) || error.code !== 'environment') throw error;
        refusals.push(`${how}: ${error.output ?? error.reason}`);
      }
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

  get #place(): string {
    return join(this.#store.root, 'mounts');
  }

  #recordOf(directory: string): string {
    const name = createHash('sha256').update(directory).digest('hex').slice(0, 16);
    return join(this.#place, `${name}.json`);
  }

  async #note(state: MountedState): Promise<void> {
    await makeDirectories(this.#place);
    await writeDurably(this.#recordOf(state.directory), `${JSON.stringify(state)}\n`);
  }

  async #read(file: string): Promise<MountedState | null> {
    try {
      return recordSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      // Another process may have ended it a moment ago.
      if (isSystemError(error) && error.code === 'ENOENT') return null;
      throw error;
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
    return describingFileErrors(operation, async () => {
      await makeNamedDirectories(given, operation);
      const directory = await realpath(given);
      if ((await readdir(directory)).length === 0 && !isMounted(directory)) return directory;
      const isShown = (await this.list()).some((one) => one.directory === directory);
      throw new StrataError({
        code: 'in-use',
        operation,
        reason: isShown ? 'a state is shown there already' : 'the directory is not empty',
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

  async #show(state: MountedState, operation: string, signal: AbortSignal): Promise<void> {
    const { snapshot, directory, how, draft } = state;
    const mount = await this.#mountOf(snapshot);
    switch (how) {
      case 'mount': {
        const { cwd, script } = mountScript(mount, directory);
        // A file that came with an image from elsewhere may not lend anybody rights here.
        const locked = `${script}\nmount -o remount,bind,ro,nosuid,nodev "$0"`;
        await runTool({ operation, tool: 'sh', args: ['-ec', locked, directory], cwd, signal });
        return;
      }
      case 'fuse': {
        const layers = mount.kind === 'bind' ? [mount.source] : mount.lower;
        const lower = layers.map((path) => path.replace(/[\\:,]/g, '\\$&')).join(':');
        const args = ['-o', `lowerdir=${lower}`, directory];
        await runTool({ operation, tool: 'fuse-overlayfs', args, signal });
        // It goes into the background also where it could not mount.
        if (!isMounted(directory)) throw notMounted(operation);
        return;
      }
      case 'copy':
        await this.#copy(mount, directory, draft ?? join(dirname(directory), draftName()), signal);
    }
  }

  /** In a namespace where the state is mounted, which only the copying sees. */
  async #copy(mount: Mount, directory: string, draft: string, signal: AbortSignal): Promise<void> {
    const operation = `copying the state to ${directory}`;
    const view = join(this.#place, `view-${basename(draft).replace(/^\./, '')}`);
    await describingFileErrors(operation, async () => {
      try {
        await mkdir(draft);
        const copy = 'cp -a --reflink=auto -- "$0/." "$1/" && chmod -R a-w -- "$1"';
        const [tool, ...args] = viewCommand(mount, view, ['sh', '-c', copy, view, draft]);
        await runTool({ operation, tool, args, signal });
        // A directory that cannot be written to cannot be renamed over either.
        chmodSync(draft, 0o755);
        await rename(draft, directory);
        chmodSync(directory, 0o555);
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
    if (how === 'copy') {
      await deleteTree(directory);
      if (!made) await mkdir(directory);
      return;
    }
    if (how === 'mount') {
      await runTool({ operation, tool: 'umount', args: [directory] });
      return;
    }
    const [tool = 'fusermount3'] = await programsOnPath(
      ['fusermount3', 'fusermount'],
      this.#env['PATH'],
    );
    await runTool({ operation, tool, args: ['-u', directory] });
  }
}

function isMounted(directory: string): boolean {
  return isMountPoint(readFileSync('/proc/self/mountinfo', 'utf8'), directory);
}

/** Of a copy: whether it got its name. It can be changed by its owner alone, who then means it. */
function isThere({ how, directory, draft }: MountedState): boolean {
  if (how !== 'copy') return isMounted(directory);
  return draft !== null && !existsSync(draft) && existsSync(directory);
}

function isBeingMade(draft: string): boolean {
  return existsSync(draft) && draftMaker(basename(draft))?.state === 'alive';
}

function notMounted(operation: string): StrataError {
  return new StrataError({
    code: 'environment',
    operation,
    reason: 'fuse-overlayfs ended without a word',
  });
}
