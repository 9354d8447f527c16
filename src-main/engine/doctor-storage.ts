/** Where snapshots and outputs go: the cache directory's file system, what it can do, and the room on it. */
import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isSystemError } from '../protocol/errors.ts';
import type { OverlayProbe } from '../snapshots/overlay-probe.ts';
import { ok, type Finding } from './doctor-finding.ts';

/** Tries overlay mounts with `userxattr` in an existing directory that can be written. */
export type ProbeOverlay = (directory: string) => Promise<OverlayProbe>;

export interface StorageFacts {
  readonly path: string;
  /** `type` of statfs(2). */
  readonly fileSystem: number;
  readonly freeBytes: number;
  readonly isWritable: boolean;
}

const GIB = 1024 ** 3;
/** A build of some size and a few of its states fill this much. */
const LITTLE_SPACE = 5 * GIB;

/** The magic numbers of statfs(2), as in Linux include/uapi/linux/magic.h. */
const FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext4'],
  [0x9123683e, 'btrfs'],
  [0x58465342, 'xfs'],
  [0x2fc12fc1, 'zfs'],
  [0xca451a4e, 'bcachefs'],
  [0xf2f52010, 'f2fs'],
  [0x01021994, 'tmpfs'],
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x794c7630, 'overlay'],
  [0x65735546, 'FUSE'],
  [0x01021997, '9p'],
]);

/** What is odd about keeping snapshots there, by the file system's name. */
const CAUTIONS: ReadonlyMap<string, string> = new Map([
  ['tmpfs', 'snapshots use memory and are gone when the machine stops'],
  ['NFS', 'snapshots are slow, and two machines must not use the directory at once'],
  ['CIFS', 'file modes and owners of a build may be lost'],
  ['SMB', 'file modes and owners of a build may be lost'],
  ['9p', 'snapshots are slow, and file modes and owners of a build may be lost'],
]);

/** `cacheRoot` need not exist: its nearest directory that does is looked at. */
export async function examineStorage(
  cacheRoot: string,
  probeOverlay: ProbeOverlay,
): Promise<readonly Finding[]> {
  const [[cache, overlay], store] = await Promise.all([
    storageAt(cacheRoot).then(
      async (facts) => [facts, await tryOverlay(facts, probeOverlay)] as const,
    ),
    storageAt('/nix/store'),
  ]);
  return [
    cacheFinding(cache),
    overlayFinding(overlay, cache.path),
    spaceFinding('space for snapshots', cache, 'strata gc frees what snapshots use'),
    spaceFinding('space for Nix', store, 'nix-collect-garbage frees what nothing needs any more'),
  ];
}

export function cacheFinding({ path, fileSystem, isWritable }: StorageFacts): Finding {
  const name = 'cache directory';
  const kind = FILE_SYSTEMS.get(fileSystem) ?? `file system 0x${fileSystem.toString(16)}`;
  const get = 'set XDG_CACHE_HOME to a directory on a local disk that you can write';
  if (!isWritable) {
    return {
      name,
      status: 'missing',
      found: `${path} cannot be written`,
      without: 'snapshots can be listed, compared and read; nothing can be built',
      get,
      required: true,
    };
  }
  const caution = CAUTIONS.get(kind);
  const found = `${path} (${kind})`;
  if (caution === undefined) return ok(name, found, true);
  return { name, status: 'limited', found, without: caution, get, required: true };
}

export function overlayFinding(probe: OverlayProbe, path: string): Finding {
  const name = 'overlay mounts';
  if (probe.kind === 'works') return ok(name, `work in ${path}`);
  return {
    name,
    status: 'limited',
    found: probe.reason,
    without:
      'every phase copies the whole state before it: builds give the same, and take longer and more room',
    get: 'Linux 5.11 or later, and XDG_CACHE_HOME on a local disk (ext4, xfs, btrfs); a container’s own root, NFS and others do not do',
    required: false,
  };
}

export function spaceFinding(name: string, storage: StorageFacts, remedy: string): Finding {
  const found = `${(storage.freeBytes / GIB).toFixed(1)} GiB free on the file system of ${storage.path}`;
  if (storage.freeBytes >= LITTLE_SPACE) return ok(name, found);
  return {
    name,
    status: 'limited',
    found,
    without: 'a build of some size may fill the disk, and fails then',
    get: remedy,
    required: false,
  };
}

async function tryOverlay(cache: StorageFacts, probe: ProbeOverlay): Promise<OverlayProbe> {
  if (!cache.isWritable) return { kind: 'refused', reason: `${cache.path} cannot be written` };
  try {
    return await probe(cache.path);
  } catch (error) {
    return { kind: 'refused', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function storageAt(path: string): Promise<StorageFacts> {
  try {
    const { type, bavail, bsize } = await statfs(path);
    const isWritable = await access(path, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    return { path, fileSystem: type, freeBytes: bavail * bsize, isWritable };
  } catch (error) {
    const isGone = isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    if (isGone && dirname(path) !== path) return storageAt(dirname(path));
    // A directory above may not be entered: then nothing can be written there either.
    if (isSystemError(error))
      return { path, fileSystem: 0, freeBytes: Infinity, isWritable: false };
    throw error;
  }
}
