/** Random trees, and a model of overlay on them: what the property tests of diffs compare with. */
import * as fc from 'fast-check';
import type { Change, Entry, EntryType } from '../../../src-main/snapshots/change.ts';
import type { PathEntry, TreeBelow } from '../../../src-main/snapshots/layer-changes.ts';
import { comparePaths } from '../../../src-main/snapshots/path-order.ts';

export type Tree = ReadonlyMap<string, Entry>;

const name = fc.constantFrom('a', 'a-', 'a0', 'b', 'é', '\udcff', '\ue000', '\u{1f600}', 'n\n');
const type = fc.constantFrom<EntryType>('file', 'directory', 'directory', 'symlink', 'fifo');

/** A tree: a few random paths, each with all its parents as directories. */
export const tree: fc.Arbitrary<Tree> = fc
  .array(
    fc.record({
      names: fc.array(name, { minLength: 1, maxLength: 4 }),
      type,
      mode: fc.constantFrom(0o644, 0o755),
      word: fc.constantFrom('', 'x', 'yy'),
    }),
    { maxLength: 12 },
  )
  .map((items) => {
    const entries = new Map<string, Entry>();
    for (const { names, type: wanted, mode, word } of items) {
      const paths = names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
      if (
        paths.slice(0, -1).some((path) => (entries.get(path)?.type ?? 'directory') !== 'directory')
      ) {
        continue;
      }
      for (const path of paths.slice(0, -1)) {
        if (!entries.has(path)) entries.set(path, entry('directory', 0o755, ''));
      }
      const last = paths.at(-1);
      if (last !== undefined && !entries.has(last)) entries.set(last, entry(wanted, mode, word));
    }
    return entries;
  });

export function entry(type: EntryType, mode: number, word: string): Entry {
  const content = type === 'file' || type === 'symlink' ? word : '';
  return { type, mode, size: content.length, content };
}

/** A tree as the lower one of {@link TreeBelow}. */
export function treeBelow(entries: Tree): TreeBelow {
  return {
    lookup: (path) => entries.get(path),
    below: (directory) => inside(entries, directory),
  };
}

export function inside(entries: Tree, directory: string): PathEntry[] {
  const prefix = directory === '/' ? '/' : `${directory}/`;
  return pathEntries(entries).filter(({ path }) => path.startsWith(prefix));
}

export function pathEntries(entries: Tree): PathEntry[] {
  return Array.from(entries, ([path, each]) => ({ path, entry: each })).sort((a, b) =>
    comparePaths(a.path, b.path),
  );
}

/** The plain definition of a diff. */
export function difference(from: Tree, to: Tree): Change[] {
  const paths = Array.from(new Set([...from.keys(), ...to.keys()])).sort(comparePaths);
  return paths.flatMap((path): Change[] => {
    const [old, now] = [from.get(path), to.get(path)];
    if (old === undefined) return now === undefined ? [] : [{ kind: 'added', path, entry: now }];
    if (now === undefined) return [{ kind: 'removed', path, old }];
    return JSON.stringify(old) === JSON.stringify(now)
      ? []
      : [{ kind: 'modified', path, entry: now, old }];
  });
}

export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
