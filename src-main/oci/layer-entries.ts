/**
 * The entries of an OCI layer (image-spec v1.1, layer.md) for the changes that a snapshot recorded. Its files are those
 * the snapshot added or modified, with the directories above them; what it removed is a *whiteout*, an empty file
 * `.wh.NAME`. No directory is marked opaque: each name that is gone is named, which says the same.
 */
import { printablePath } from '../host/byte-path.ts';
import { StrataError } from '../protocol/errors.ts';
import type { Change } from '../snapshots/change.ts';
import type { ListedEntry } from '../snapshots/listed-entry.ts';
import { sortByPath } from '../snapshots/path-order.ts';
import { BUILDER, NO_ATTRIBUTES, type Owner, type TarEntry } from './tar-entry.ts';

/** Before the name of what a layer takes away (layer.md, "Whiteouts"). */
export const WHITEOUT = '.wh.';

/** What a layer is made of, sorted by path bytes: parents before children. */
export interface LayerEntries {
  readonly entries: readonly TarEntry[];
  /**
   * Paths, beginning with `/`, of sockets, which no tar archive has and which are of no use without their processes, and of
   * devices of the host, which only root could unpack.
   */
  readonly leftOut: readonly string[];
}

/** Extended attributes by path. */
export type Attributes = ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>;

/**
 * The layer for a snapshot's changes.
 *
 * @param listed what the snapshot's own directory holds: all that was changed, and the directories above it
 * @throws StrataError `usage` where a build called a file as whiteouts are called.
 */
export function layerEntries(
  changes: readonly Change[],
  listed: readonly ListedEntry[],
  attributes: Attributes,
): LayerEntries {
  const byPath = new Map(listed.map((entry) => [entry.path, entry]));
  const wanted = new Set<string>();
  for (const { kind, path } of changes) {
    if (kind !== 'removed') wanted.add(path);
    for (const above of parents(path)) {
      if (wanted.has(above)) break;
      if (byPath.get(above)?.type === 'directory') wanted.add(above);
    }
  }
  const present = listed.filter(({ path }) => wanted.has(path));
  const packed = packListed(present, attributes, BUILDER);
  return {
    entries: sortByPath([...packed.entries, ...whiteouts(changes)]),
    leftOut: packed.leftOut,
  };
}

/** The entries for a listing, sorted by path bytes. The first name of a file that has several is the file. */
export function packListed(
  listed: readonly ListedEntry[],
  attributes: Attributes,
  owner: Owner,
): LayerEntries {
  const firsts = new Map<string, string>();
  const entries: TarEntry[] = [];
  const leftOut: string[] = [];
  for (const { path, type, mode, size, target, inode, links } of sortByPath(listed)) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name.startsWith(WHITEOUT)) throw calledAsWhiteout(path);
    if (type === 'socket' || type === 'character-device' || type === 'block-device') {
      leftOut.push(path);
      continue;
    }
    const own = {
      path: path.slice(1),
      mode,
      owner,
      attributes: attributes.get(path) ?? NO_ATTRIBUTES,
    };
    const first = links > 1 && type === 'file' ? firsts.get(inode) : undefined;
    if (first !== undefined) {
      entries.push({ ...own, type: 'hardlink', size: 0, target: first });
      continue;
    }
    if (links > 1 && type === 'file') firsts.set(inode, own.path);
    entries.push({ ...own, type, size: type === 'file' ? size : 0, target });
  }
  return { entries, leftOut };
}

/** Whether an entry of a layer stands for a name that is gone. */
export function isWhiteout(path: string): boolean {
  return path.slice(path.lastIndexOf('/') + 1).startsWith(WHITEOUT);
}

/** For each name that is gone with all below it, one. */
function whiteouts(changes: readonly Change[]): TarEntry[] {
  const hidden = new Set(
    changes
      .filter((change) => change.kind === 'removed' || change.entry.type !== 'directory')
      .map(({ path }) => path),
  );
  return changes
    .filter(
      ({ kind, path }) => kind === 'removed' && !parents(path).some((above) => hidden.has(above)),
    )
    .map(({ path }) => {
      const slash = path.lastIndexOf('/');
      return {
        path: `${path.slice(1, slash + 1)}${WHITEOUT}${path.slice(slash + 1)}`,
        type: 'file',
        mode: 0o644,
        owner: BUILDER,
        size: 0,
        target: '',
        attributes: NO_ATTRIBUTES,
      };
    });
}

/** The directories above a path, the nearest first, without the root. */
function parents(path: string): string[] {
  const above: string[] = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    above.push(path.slice(0, at));
  }
  return above;
}

function calledAsWhiteout(path: string): StrataError {
  return new StrataError({
    code: 'usage',
    operation: `packing ${printablePath(path)}`,
    reason: `in layers of images a name that begins with ${WHITEOUT} stands for a removed file`,
    advice: 'no image can hold this state; strata mount shows it as a directory',
  });
}
