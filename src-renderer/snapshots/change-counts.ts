/**
 * How many files have changed. A directory that only holds other changes is none of them: it counts where nothing below it has
 * changed, as an empty one does.
 */
import type { Changes } from '../../src-main/protocol/methods.ts';

export interface KindTotals {
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
}

const counted = new WeakMap<Changes, Uint8Array>();

/** For each change 1 where it counts, else 0. The same whatever a filter leaves of the changes. */
export function countedChanges(changes: Changes): Uint8Array {
  const known = counted.get(changes);
  if (known !== undefined) return known;
  const above = directoriesAbove(changes.paths);
  const counts = new Uint8Array(changes.paths.length);
  changes.paths.forEach((path, index) => {
    const holdsOthers = changes.types[index] === 'd' && above.has(path);
    counts[index] = holdsOthers ? 0 : 1;
  });
  counted.set(changes, counts);
  return counts;
}

/** Of the selected changes; of all without `selected`. */
export function countChanges(changes: Changes, selected?: Int32Array): KindTotals {
  const counts = countedChanges(changes);
  const totals = { added: 0, modified: 0, removed: 0 };
  const most = selected?.length ?? counts.length;
  for (let at = 0; at < most; at += 1) {
    const index = selected === undefined ? at : (selected[at] ?? 0);
    if (counts[index] === 0) continue;
    const kind = changes.kinds[index];
    if (kind === 'A') totals.added += 1;
    else if (kind === 'R') totals.removed += 1;
    else totals.modified += 1;
  }
  return totals;
}

export function sumOf({ added, modified, removed }: KindTotals): number {
  return added + modified + removed;
}

function directoriesAbove(paths: readonly string[]): ReadonlySet<string> {
  const above = new Set<string>();
  let last = '';
  for (const path of paths) {
    let slash = path.lastIndexOf('/');
    // Neighbours mostly share their directory.
    if (slash === last.length && path.startsWith(last)) continue;
    last = path.slice(0, Math.max(0, slash));
    while (slash > 0) {
      const directory = path.slice(0, slash);
      if (above.has(directory)) break;
      above.add(directory);
      slash = path.lastIndexOf('/', slash - 1);
    }
  }
  return above;
}
