/** The changes from any snapshot to any other, from recorded changes alone. */
import type { Change, Entry } from './change.ts';
import { sameEntry } from './layer-changes.ts';
import { sortByPath } from './path-order.ts';

/** What became of one path between a snapshot's ancestor and the snapshot. */
export interface Difference {
  readonly base: Entry | undefined;
  readonly now: Entry | undefined;
}

export type Differences = ReadonlyMap<string, Difference>;

/** What a row of changes comes to, the oldest first: for each path touched, its state before and after. */
export function foldChanges(oldestFirst: Iterable<Iterable<Change>>): Differences {
  const differences = new Map<string, Difference>();
  for (const changes of oldestFirst) {
    for (const change of changes) {
      const earlier = differences.get(change.path);
      const old = change.kind === 'added' ? undefined : change.old;
      const now = change.kind === 'removed' ? undefined : change.entry;
      differences.set(change.path, { base: earlier ? earlier.base : old, now });
    }
  }
  return differences;
}

/**
 * The changes from one snapshot to another, sorted by path bytes, given what each differs in from an ancestor of both (the
 * empty tree is one of all).
 */
export function compareDifferences(from: Differences, to: Differences): readonly Change[] {
  const changes: Change[] = [];
  const compare = (path: string, old: Entry | undefined, entry: Entry | undefined): void => {
    if (old === undefined) {
      if (entry !== undefined) changes.push({ kind: 'added', path, entry });
    } else if (entry === undefined) changes.push({ kind: 'removed', path, old });
    else if (!sameEntry(old, entry)) changes.push({ kind: 'modified', path, entry, old });
  };
  for (const [path, { base, now }] of to) compare(path, (from.get(path) ?? { now: base }).now, now);
  for (const [path, { base, now }] of from) {
    // What only the one side touched is on the other side as the ancestor had it.
    if (!to.has(path)) compare(path, now, base);
  }
  return sortByPath(changes);
}

/**
 * The part of each lineage (a snapshot, its parent, … the first) that the two do not share, the newest first as given.
 */
export function unshared(
  from: readonly string[],
  to: readonly string[],
): { readonly from: readonly string[]; readonly to: readonly string[] } {
  const [inFrom, inTo] = [new Set(from), new Set(to)];
  return {
    from: from.filter((name) => !inTo.has(name)),
    to: to.filter((name) => !inFrom.has(name)),
  };
}
