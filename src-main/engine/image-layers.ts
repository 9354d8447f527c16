/** What the layers of an image hold: the inputs, the host's paths, the base, the snapshots, and Strata's own files. */
import {
  accessSync,
  constants,
  lstatSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isWhiteout, layerEntries, packListed } from '../oci/layer-entries.ts';
import { readAttributes } from '../oci/file-attributes.ts';
import { modificationTimes, withContents } from '../oci/packed-tree.ts';
import {
  BUILDER,
  NO_ATTRIBUTES,
  ROOT,
  directoryEntry,
  fileEntry,
  type Owner,
  type PackedEntry,
} from '../oci/tar-entry.ts';
import type { SandboxSetting } from '../phases/sandbox-process.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import { runRecordText, type RunRecord } from '../phases/run-record.ts';
import { encodePath } from '../host/byte-path.ts';
import type { HostBind } from '../sandbox/policy.ts';
import { isSystemError } from '../protocol/errors.ts';
import { listReadable, listTree } from '../snapshots/listing.ts';
import { sortByPath } from '../snapshots/path-order.ts';
import { OF_THE_CACHE, TIMES_FILE } from './image-label.ts';

/** The binds of a sandbox by where they come from. */
export interface SortedBinds {
  readonly inputs: readonly HostBind[];
  /** Paths of the host that an image holds: single files, and directories where they are wanted. */
  readonly host: readonly HostBind[];
  /** Those it has only mount points for. */
  readonly leftOut: readonly HostBind[];
}

export function sortedBinds(
  { materials, storeDirectory }: SandboxSetting,
  hostPaths: 'files' | 'all',
): SortedBinds {
  const isInput = ({ source }: HostBind): boolean => source.startsWith(`${storeDirectory}/`);
  const others = materials.binds.filter((bind) => !isInput(bind));
  const isHeld = (bind: HostBind): boolean =>
    hostPaths === 'all' || lstatSync(realpathSync(bind.source)).isFile();
  return {
    inputs: materials.binds.filter(isInput),
    host: others.filter(isHeld),
    leftOut: others.filter((bind) => !isHeld(bind)),
  };
}

/** Store paths, where builders see them. */
export async function* storeEntries(
  paths: readonly { readonly source: string; readonly target: string }[],
): AsyncGenerator<PackedEntry> {
  const made = new Set<string>();
  for (const { source, target } of sortByPath(paths.map((one) => ({ ...one, path: one.target })))) {
    yield* directoriesAbove(target, made, ROOT);
    yield* hostEntries(source, target.slice(1), ROOT);
  }
}

/**
 * Paths of the host; one that is a link to another of them stays a link. `onLeftOut` gets what no archive has, and what
 * this user may not read, which no phase has read either.
 */
export async function* boundEntries(
  binds: readonly HostBind[],
  onLeftOut: (paths: readonly string[]) => void,
): AsyncGenerator<PackedEntry> {
  const made = new Set<string>();
  for (const { source, target } of sortByPath(binds.map((one) => ({ ...one, path: one.target })))) {
    yield* directoriesAbove(target, made, ROOT);
    const real = realpathSync(source);
    const isThere = binds.some(
      (other) => other.source !== source && real.startsWith(`${other.source}/`),
    );
    if (isThere && source === target) yield linkEntry(target.slice(1), real);
    else yield* readableEntries(real, target, onLeftOut);
  }
}

async function* readableEntries(
  source: string,
  target: string,
  onLeftOut: (paths: readonly string[]) => void,
): AsyncGenerator<PackedEntry> {
  const stat = lstatSync(source);
  const isHeld = (stat.isDirectory() || stat.isFile()) && isReadable(source, stat.isDirectory());
  if (!isHeld) onLeftOut([target]);
  else if (!stat.isDirectory()) yield* hostEntries(source, target.slice(1), ROOT);
  else {
    yield directoryEntry(target.slice(1), stat.mode & 0o7777, ROOT);
    const { entries, unreadable } = await listReadable(source);
    const packed = packListed(entries, new Map(), ROOT);
    onLeftOut([...unreadable, ...packed.leftOut].map((path) => `${target}${path}`));
    yield* withContents(source, packed.entries, `${target.slice(1)}/`);
  }
}

function isReadable(path: string, isDirectory: boolean): boolean {
  try {
    accessSync(path, isDirectory ? constants.R_OK | constants.X_OK : constants.R_OK);
    return true;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

/** The base, without the mount points of what other layers hold. */
export async function* baseEntries(
  { materials }: SandboxSetting,
  held: readonly HostBind[],
): AsyncGenerator<PackedEntry> {
  const filled = new Set(held.map(({ target }) => target));
  const listed = (await listTree(materials.base)).filter(({ path }) => !filled.has(path));
  yield* withContents(materials.base, packListed(listed, new Map(), BUILDER).entries);
}

/** A snapshot's own layer. `onLeftOut` gets the sockets, which no archive has. */
export async function* snapshotEntries(
  { snapshotter }: PhaseStore,
  id: string,
  onLeftOut: (paths: readonly string[]) => void,
): AsyncGenerator<PackedEntry> {
  const tree = await treeOf(snapshotter, id);
  const [changes, listed] = await Promise.all([snapshotter.recordedChanges(id), listTree(tree)]);
  const { entries, leftOut } = layerEntries(changes, listed, await readAttributes(tree, listed));
  onLeftOut(leftOut);
  yield* withContents(tree, entries);
}

/** What Strata keeps beside a snapshot's tree, and the times of its files, which the layer does not have. */
export async function* besideEntries(
  { snapshotter }: PhaseStore,
  id: string,
  prefix: string,
): AsyncGenerator<PackedEntry> {
  const { directory } = await snapshotter.stat(id);
  const files = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !KEPT_BACK.has(entry.name))
    .map(({ name }) => name);
  yield directoryEntry(prefix, 0o755, BUILDER);
  for (const name of [...files, TIMES_FILE].toSorted()) {
    if (name === TIMES_FILE) {
      yield fileEntry(`${prefix}/${name}`, await timesOf(snapshotter, id), 0o644, BUILDER);
    } else {
      yield* hostEntries(join(directory, name), `${prefix}/${name}`, BUILDER);
    }
  }
}

/** Made anew where a snapshot comes to. */
const KEPT_BACK = new Set([...OF_THE_CACHE, TIMES_FILE]);

/** The files of a run. Who carried it out, and with which settings of Nix, is nobody's business elsewhere. */
export async function* runEntries(
  directory: string,
  run: RunRecord,
  prefix: string,
): AsyncGenerator<PackedEntry> {
  const listed = (await listTree(directory)).filter(
    ({ path }) => path !== '/owner.json' && path !== '/run.json',
  );
  yield directoryEntry(prefix, 0o755, BUILDER);
  const record = runRecordText({ ...run, options: [] });
  yield fileEntry(`${prefix}/run.json`, record, 0o644, BUILDER);
  yield* withContents(directory, packListed(listed, new Map(), BUILDER).entries, `${prefix}/`);
}

/** `NANOSECONDS PATH`, each ended by a NUL. */
async function timesOf(snapshotter: PhaseStore['snapshotter'], id: string): Promise<Buffer> {
  const tree = await treeOf(snapshotter, id);
  const [changes, listed] = await Promise.all([snapshotter.recordedChanges(id), listTree(tree)]);
  const paths = layerEntries(changes, listed, new Map())
    .entries.filter(({ path }) => !isWhiteout(path))
    .map(({ path }) => `/${path}`);
  return Buffer.concat(
    modificationTimes(tree, paths).map(([path, time]) =>
      Buffer.concat([Buffer.from(`${time} `), encodePath(path), Buffer.of(0)]),
    ),
  );
}

/** The directory that holds a snapshot's own files: its layer, or its whole tree. */
export async function treeOf(snapshotter: PhaseStore['snapshotter'], id: string): Promise<string> {
  const { directory } = await snapshotter.stat(id);
  const names = readdirSync(directory);
  return join(directory, names.includes('layer') ? 'layer' : 'tree');
}

/** A path of the host, whatever it is, with all below it. */
export async function* hostEntries(
  source: string,
  path: string,
  owner: Owner,
): AsyncGenerator<PackedEntry> {
  const stat = lstatSync(source);
  if (stat.isDirectory()) {
    yield directoryEntry(path, stat.mode & 0o7777, owner);
    const listed = await listTree(source);
    yield* withContents(source, packListed(listed, new Map(), owner).entries, `${path}/`);
  } else if (stat.isSymbolicLink()) {
    yield linkEntry(path, readlinkSync(source));
  } else {
    const name = source.slice(source.lastIndexOf('/') + 1);
    const [packed] = withContents(dirname(source), [
      {
        path: name,
        type: 'file',
        mode: stat.mode & 0o7777,
        owner,
        size: stat.size,
        target: '',
        attributes: NO_ATTRIBUTES,
      },
    ]);
    if (packed !== undefined) yield { ...packed, entry: { ...packed.entry, path } };
  }
}

function linkEntry(path: string, target: string): PackedEntry {
  return {
    entry: {
      path,
      type: 'symlink',
      mode: 0o777,
      owner: ROOT,
      size: 0,
      target,
      attributes: NO_ATTRIBUTES,
    },
    open: null,
  };
}

function* directoriesAbove(path: string, made: Set<string>, owner: Owner): Generator<PackedEntry> {
  const parts = path.split('/').slice(1, -1);
  for (let count = 1; count <= parts.length; count += 1) {
    const above = parts.slice(0, count).join('/');
    if (made.has(above)) continue;
    made.add(above);
    yield directoryEntry(above, 0o755, owner);
  }
}

/** The whole of a small file. */
export function hookEntry(path: string, file: string): PackedEntry {
  return fileEntry(path, readFileSync(file), 0o644, BUILDER);
}
