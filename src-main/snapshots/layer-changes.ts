/**
 * What a layer of overlay changed against the tree below it. Overlay's layer is no list of changes:
 *
 * - a directory in which anything changed is there although it did not change itself;
 * - a file opened for writing, or whose times were set, is there although its contents may be the same;
 * - a character device 0:0 (a *whiteout*) says that the name is gone (builds can make no devices of their own);
 * - the attribute `user.overlay.opaque` on a directory says that nothing of the same directory below shows through.
 *
 * See the kernel's Documentation/filesystems/overlayfs.rst.
 *
 * A removed directory is listed with everything that was in it. Where a directory gave way to something else, or the other
 * way round, that path is `modified` and what was in the old directory is `removed`. Times and owners do not count.
 */
import type { Change, Entry } from './change.ts';
import { sortByPath } from './path-order.ts';

/** The merged tree that a layer lies on. */
export interface TreeBelow {
  /** The entry at a path (beginning with `/`), or nothing. */
  lookup(path: string): Entry | undefined;
  /** All entries inside a directory, at any depth. */
  below(directory: string): Iterable<PathEntry>;
}

export interface PathEntry {
  readonly path: string;
  readonly entry: Entry;
}

export interface Layer {
  /** What the layer holds, in any order; whiteouts are not among them. */
  readonly entries: readonly PathEntry[];
  readonly whiteouts: readonly string[];
  /** The opaque ones of {@link sharedDirectories}. */
  readonly opaque: ReadonlySet<string>;
}

/** Those of a layer's directories that are directories below as well: only there does it matter which are opaque. */
export function sharedDirectories(directories: readonly string[], below: TreeBelow): string[] {
  return sortByPath(directories.map((path) => ({ path })))
    .map(({ path }) => path)
    .filter((path) => below.lookup(path)?.type === 'directory');
}

/** The changes from `below` to `below` with the layer on it, sorted by path bytes. */
export function layerChanges(layer: Layer, below: TreeBelow): readonly Change[] {
  const changes: Change[] = [];
  const gone = new Set<string>();
  const remove = (path: string, old: Entry): void => {
    // An opaque directory inside another one hides the same entries twice.
    if (gone.has(path)) return;
    gone.add(path);
    changes.push({ kind: 'removed', path, old });
  };
  const removeBelow = (directory: string, kept: ReadonlySet<string>): void => {
    for (const { path, entry } of below.below(directory)) {
      if (!kept.has(path)) remove(path, entry);
    }
  };
  const nothing: ReadonlySet<string> = new Set();
  const here: ReadonlySet<string> =
    layer.opaque.size > 0 ? new Set(layer.entries.map(({ path }) => path)) : nothing;

  let fresh = '\0';
  for (const { path, entry } of sortByPath(layer.entries)) {
    // Nothing below a new directory needs looking up; in a first layer that is all of it.
    const old = path.startsWith(fresh) ? undefined : below.lookup(path);
    if (old === undefined) {
      changes.push({ kind: 'added', path, entry });
      if (entry.type === 'directory' && !path.startsWith(fresh)) fresh = `${path}/`;
      continue;
    }
    if (!sameEntry(old, entry)) changes.push({ kind: 'modified', path, entry, old });
    if (old.type === 'directory') {
      if (entry.type !== 'directory') removeBelow(path, nothing);
      else if (layer.opaque.has(path)) removeBelow(path, here);
    }
  }
  for (const path of layer.whiteouts) {
    const old = below.lookup(path);
    // Overlay leaves a whiteout also where something was made and removed again above another whiteout.
    if (old === undefined) continue;
    remove(path, old);
    if (old.type === 'directory') removeBelow(path, nothing);
  }
  return sortByPath(changes);
}

/** Whether two entries are the same as far as a change is concerned. */
export function sameEntry(a: Entry, b: Entry): boolean {
  return a.type === b.type && a.mode === b.mode && a.content === b.content && a.size === b.size;
}
