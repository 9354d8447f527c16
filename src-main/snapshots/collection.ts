/** Which snapshots to remove, by age and by room. Pure planning; the engine removes. */

export interface CollectableSnapshot {
  readonly name: string;
  readonly parent: string | null;
  /** Other snapshots it cannot do without. */
  readonly needs: readonly string[];
  /** What its removal frees. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970; `createdAt` where it was never used again. */
  readonly lastUsed?: number;
  readonly removal: Removal;
}

/** Whether a snapshot may go: with all others, only where none of the others is left to go, or not at all. */
export type Removal = 'free' | 'last' | 'never';

export interface CollectionGoal {
  /** Remove what was last used longer ago than this. */
  readonly olderThanMs?: number;
  /** Remove the longest unused until the rest takes no more than this. */
  readonly maxBytes?: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The names to remove, in an order that is safe to be cut short: children before their parents. Nothing that a remaining
 * snapshot needs is among them, so an old parent stays as long as a child does.
 */
export function planCollection(
  snapshots: readonly CollectableSnapshot[],
  goal: CollectionGoal,
): readonly string[] {
  const left = new Map(snapshots.map((snapshot) => [snapshot.name, snapshot]));
  const removed: string[] = [];
  let bytes = snapshots.reduce((sum, snapshot) => sum + snapshot.bytes, 0);
  const dependents = countDependents(snapshots);

  /** The longest unused one of those that nobody needs, where the goal asks for its removal. */
  const oldest = (removal: Removal): CollectableSnapshot | undefined => {
    let found: CollectableSnapshot | undefined;
    for (const snapshot of left.values()) {
      if (snapshot.removal !== removal || (dependents.get(snapshot.name) ?? 0) > 0) continue;
      if (found === undefined || isBefore(snapshot, found)) found = snapshot;
    }
    return found !== undefined && isWanted(found) ? found : undefined;
  };
  const isWanted = (snapshot: CollectableSnapshot): boolean =>
    (goal.olderThanMs !== undefined && usedAt(snapshot) < goal.now - goal.olderThanMs) ||
    (goal.maxBytes !== undefined && bytes > goal.maxBytes);
  const following = (): CollectableSnapshot | undefined => oldest('free') ?? oldest('last');

  for (let next = following(); next !== undefined; next = following()) {
    left.delete(next.name);
    removed.push(next.name);
    bytes -= next.bytes;
    for (const needed of dependencies(next)) {
      dependents.set(needed, (dependents.get(needed) ?? 0) - 1);
    }
  }
  return removed;
}

/** The names of these snapshots and of everything they cannot do without. */
export function withNeeds(
  names: readonly string[],
  snapshots: readonly CollectableSnapshot[],
): ReadonlySet<string> {
  const byName = new Map(snapshots.map((snapshot) => [snapshot.name, snapshot]));
  const reached = new Set(names);
  // A set gives what is added to it while it is gone through as well.
  for (const name of reached) {
    const snapshot = byName.get(name);
    for (const needed of snapshot === undefined ? [] : dependencies(snapshot)) reached.add(needed);
  }
  return reached;
}

/** Each snapshot that another one cannot do without, once. */
function dependencies({ parent, needs }: CollectableSnapshot): ReadonlySet<string> {
  return new Set(parent === null ? needs : [parent, ...needs]);
}

function countDependents(snapshots: readonly CollectableSnapshot[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const needed of snapshots.flatMap((snapshot) => Array.from(dependencies(snapshot)))) {
    counts.set(needed, (counts.get(needed) ?? 0) + 1);
  }
  return counts;
}

function usedAt({ lastUsed, createdAt }: CollectableSnapshot): number {
  return Math.max(lastUsed ?? createdAt, createdAt);
}

/** By last use, then by name, so that a plan does not depend on the order of its input. */
function isBefore(a: CollectableSnapshot, b: CollectableSnapshot): boolean {
  return usedAt(a) === usedAt(b) ? a.name < b.name : usedAt(a) < usedAt(b);
}
