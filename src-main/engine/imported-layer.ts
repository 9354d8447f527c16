/**
 * A layer of an image made a snapshot again. Files are written where the snapshot's layer is; names that are gone are
 * removed through its mount, so that each backend notes them in its own way. What comes of it is compared with what the
 * snapshot had recorded before it is committed.
 */
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmdirSync,
} from 'node:fs';
import { join } from 'node:path';
import { decodePath, encodePath, printablePath } from '../host/byte-path.ts';
import { runTool } from '../host/process.ts';
import { writeAttributes } from '../oci/file-attributes.ts';
import { readTar } from '../oci/tar-reader.ts';
import { unpack } from '../oci/unpack.ts';
import type { PhaseRecord } from '../phases/phase-record.ts';
import { PhaseStore } from '../phases/phase-store.ts';
import { isSystemError } from '../protocol/errors.ts';
import type { Change } from '../snapshots/change.ts';
import { decodeChanges, encodeChanges, openChanges } from '../snapshots/changes-file.ts';
import { comparePaths } from '../snapshots/path-order.ts';
import type { ActiveSnapshot } from '../snapshots/snapshotter.ts';
import { viewCommand } from '../snapshots/view-command.ts';
import { LAYER_FILE, TIMES_FILE } from './image-label.ts';
import { notWhole } from './unpacked-image.ts';

/** Files of an image that are no files of a snapshot. */
const OF_THE_IMAGE = new Set([TIMES_FILE, LAYER_FILE]);
const CHANGES = 'changes';

/**
 * Makes and commits the snapshot.
 *
 * @param beside the unpacked directory with the files beside its tree
 * @throws StrataError `format` where the layer is not what was recorded, and what reading and committing it throws.
 */
export async function importLayer(
  { snapshotter }: PhaseStore,
  { id, parent }: PhaseRecord,
  archive: AsyncIterable<Uint8Array>,
  beside: string,
  signal: AbortSignal,
): Promise<void> {
  const active = await snapshotter.prepare(`import-${PhaseStore.newId()}`, parent);
  try {
    const tree = treeOf(active);
    const { whiteouts, attributes } = await unpack(readTar(archive), tree, signal);
    await removeNames(snapshotter, active, tree, whiteouts);
    await writeAttributes(tree, attributes);
    restoreTimes(tree, readFileSync(join(beside, TIMES_FILE)));
    for (const name of readdirSync(beside)) {
      if (OF_THE_IMAGE.has(name) || name === CHANGES) continue;
      copyFileSync(join(beside, name), join(active.directory, name));
      chmodSync(join(active.directory, name), 0o644);
    }
    const changes = await snapshotter.changes(active.key);
    const path = join(beside, CHANGES);
    checkChanges(id, decodeChanges(openChanges(readFileSync(path), path)), changes);
    signal.throwIfAborted();
    await snapshotter.commit(id, active.key, changes);
  } catch (error) {
    await snapshotter.remove(active.key).catch(() => undefined);
    throw error;
  }
}

function treeOf({ mount }: ActiveSnapshot): string {
  if (mount.kind === 'bind') return mount.source;
  if (mount.upper !== null) return mount.upper.directory;
  throw new TypeError('a snapshot to be filled has no layer to write to');
}

/** Whether a place is reached over directories alone: over a link it would be another's. */
class Reachable {
  readonly #known = new Map<string, boolean>([['', true]]);
  readonly #tree: string;

  constructor(tree: string) {
    this.#tree = tree;
  }

  /** @param path begins with `/` */
  has(path: string): boolean {
    return this.#isDirectory(path.slice(0, Math.max(path.lastIndexOf('/'), 0)));
  }

  #isDirectory(path: string): boolean {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const place = Buffer.concat([Buffer.from(this.#tree), encodePath(path)]);
    const found =
      this.has(path) && lstatSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
    this.#known.set(path, found);
    return found;
  }
}

/** A name is removed only below directories: over a link it would be another's. @throws StrataError `format`. */
async function removeNames(
  snapshotter: PhaseStore['snapshotter'],
  active: ActiveSnapshot,
  tree: string,
  paths: readonly string[],
): Promise<void> {
  if (paths.length === 0) return;
  const directories = new Set<string>();
  for (const path of paths) {
    for (let at = path.indexOf('/', 1); at !== -1; at = path.indexOf('/', at + 1)) {
      const above = path.slice(0, at);
      if (directories.has(above)) continue;
      const place = Buffer.concat([Buffer.from(tree), encodePath(above)]);
      const own = lstatSync(place, { throwIfNoEntry: false });
      const below = active.parent === null ? null : await snapshotter.lookup(active.parent, above);
      const isDirectory = own === undefined ? below?.type === 'directory' : own.isDirectory();
      if (!isDirectory)
        throw notWhole(`it removes ${printablePath(path)}, which is in no directory`);
      directories.add(above);
    }
  }
  const merged = join(active.directory, 'merged');
  const remove = ['sh', '-c', 'cd "$0" && exec xargs -0 rm -rf --', merged];
  const [tool, ...args] = viewCommand(active.mount, merged, remove);
  mkdirSync(merged);
  const names = paths.map((path) => Buffer.concat([encodePath(`.${path}`), Buffer.of(0)]));
  const operation = 'removing what the layer takes away';
  await runTool({ operation, tool, args, input: Buffer.concat(names) });
  rmdirSync(merged);
}

/** The last first: what is written in a directory moves its own time. */
function restoreTimes(tree: string, times: Buffer): void {
  const entries = decodePath(times).split('\0').slice(0, -1);
  const reachable = new Reachable(tree);
  for (const entry of entries.toReversed()) {
    const space = entry.indexOf(' ');
    // Node cuts to microseconds what a fraction of seconds cannot say exactly: half of one keeps it the same.
    const seconds = (Number(entry.slice(0, space)) + 500) / 1e9;
    const path = entry.slice(space + 1);
    const isInside = path.startsWith('/') && !path.split('/').includes('..');
    if (!Number.isFinite(seconds) || !isInside) {
      throw notWhole('the times of its files are damaged');
    }
    try {
      if (!reachable.has(path)) continue;
      const place = Buffer.concat([Buffer.from(tree), encodePath(path)]);
      lutimesSync(place, seconds, seconds);
    } catch (error) {
      // In a directory nobody may enter. Nothing but a tool that compares times would notice.
      if (!isSystemError(error)) throw error;
    }
  }
}

/** @throws StrataError `format` where a layer did not become what was exported; sockets were left out. */
function checkChanges(id: string, expected: readonly Change[], found: readonly Change[]): void {
  const wanted = expected.filter(
    (change) => change.kind === 'removed' || change.entry.type !== 'socket',
  );
  if (encodeChanges(wanted).equals(encodeChanges(found))) return;
  const at = wanted.findIndex((change, index) => {
    const other = found[index];
    return other === undefined || !encodeChanges([change]).equals(encodeChanges([other]));
  });
  const [one, other] = [wanted[at]?.path, found[at === -1 ? wanted.length : at]?.path];
  const [first = ''] = [one, other].filter((path) => path !== undefined).toSorted(comparePaths);
  throw notWhole(`the layer of ${id} is not what was exported, first at ${printablePath(first)}`);
}
