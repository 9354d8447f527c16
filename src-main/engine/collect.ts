/** Freeing what is no longer wanted: snapshots, and what only they needed. */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finishedNames } from '../host/draft.ts';
import { rootsDirectory } from '../phases/materials.ts';
import type { PhaseRecord } from '../phases/phase-record.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import type { RunRecord } from '../phases/run-record.ts';
import { planCollection, withNeeds, type CollectableSnapshot } from '../snapshots/collection.ts';
import { deleteTree, discard } from '../snapshots/tree-removal.ts';

export interface CollectionWish {
  /** Remove what no run has used for longer than this; null for no such limit. */
  readonly olderThanDays: number | null;
  /** Remove the longest unused until the rest takes no more; null for no such limit. */
  readonly maxBytes: number | null;
  /**
   * What becomes of the states that a person made, in a shell with --keep or by going on after a failure that was held.
   * No build makes them again: they stay, with what they need, or go after everything else has.
   */
  readonly kept: 'stay' | 'go-last';
  readonly dryRun: boolean;
}

export interface CollectionReport {
  readonly removed: readonly Collected[];
  readonly freedBytes: number;
  /** What all snapshots take that remain. */
  readonly leftBytes: number;
  /** The states made by a person that remain. */
  readonly kept: {
    readonly snapshots: readonly Collected[];
    /** What they take together with the snapshots they need. */
    readonly bytes: number;
  };
}

export type Collected = Pick<PhaseRecord, 'id' | 'phase' | 'run' | 'bytes' | 'status' | 'name'>;

const DAY = 24 * 60 * 60 * 1000;

/**
 * Carries out a wish, or says what it would come to. Never removes what another snapshot or a live run needs.
 *
 * @param mounted snapshots that are shown as directories: they stay too
 */
export async function collect(
  store: PhaseStore,
  wish: CollectionWish,
  mounted: ReadonlySet<string>,
): Promise<CollectionReport> {
  const records = await store.records();
  const used = new Uses();
  await used.refresh(store);
  const snapshots = records.map((record) => {
    const found = collectable(record, used, wish);
    return mounted.has(record.id) ? { ...found, removal: 'never' as const } : found;
  });
  const planned = planCollection(snapshots, {
    now: Date.now(),
    ...(wish.olderThanDays === null ? {} : { olderThanMs: wish.olderThanDays * DAY }),
    ...(wish.maxBytes === null ? {} : { maxBytes: wish.maxBytes }),
  });
  const byId = new Map(records.map((record) => [record.id, record]));
  const removed: PhaseRecord[] = [];
  for (const id of planned) {
    const record = byId.get(id);
    if (record === undefined) continue;
    if (!wish.dryRun && !(await removeUnlessNeeded(store, record, used))) continue;
    removed.push(record);
    byId.delete(id);
  }
  if (!wish.dryRun) await removeLeftovers(store);
  const left = [...byId.values()];
  const kept = left.filter(({ status }) => status === 'kept');
  const needed = withNeeds(
    kept.map(({ id }) => id),
    snapshots,
  );
  return {
    removed: removed.map(collected),
    freedBytes: total(removed),
    leftBytes: total(left),
    kept: {
      snapshots: kept.map(collected),
      bytes: total(left.filter(({ id }) => needed.has(id))),
    },
  };
}

function collectable(record: PhaseRecord, used: Uses, wish: CollectionWish): CollectableSnapshot {
  const created = Date.parse(record.createdAt);
  const byHand = wish.kept === 'stay' ? 'never' : 'last';
  return {
    name: record.id,
    parent: record.parent,
    needs: [record.initial, ...(used.begunOn.get(record.id) ?? [])].filter(
      (id): id is string => id !== null && id !== record.id,
    ),
    bytes: record.bytes,
    createdAt: created,
    lastUsed: Math.max(created, used.at.get(record.id) ?? 0),
    // What a run that goes on stands on, or may yet reuse, stays.
    removal: used.live.has(record.lineage) ? 'never' : record.status === 'kept' ? byHand : 'free',
  };
}

function collected({ id, phase, run, bytes, status, name }: PhaseRecord): Collected {
  return { id, phase, run, bytes, status, name };
}

function total(records: readonly PhaseRecord[]): number {
  return records.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What runs say of snapshots. */
class Uses {
  /** When each was last used. */
  readonly at = new Map<string, number>();
  /** The setups that runs began with, by the last snapshot of each: one may be another than that snapshot's own. */
  readonly begunOn = new Map<string, readonly string[]>();
  /** The lineages of the runs that go on now. */
  readonly live = new Set<string>();
  readonly #seen = new Set<string>();

  /** Reads the runs that were not there when it was last asked. */
  async refresh(store: PhaseStore): Promise<void> {
    for (const id of await store.runIds()) {
      if (this.#seen.has(id)) continue;
      this.#seen.add(id);
      const run = await store.run(id);
      if (run !== null) await this.#add(store, run);
    }
  }

  async #add(store: PhaseStore, run: RunRecord): Promise<void> {
    const time = Date.parse(run.createdAt);
    if (run.status === 'running' && (await store.isRunning(run.id))) this.live.add(run.lineage);
    const snapshots = run.phases.map(({ snapshot }) => snapshot).filter((id) => id !== null);
    const last = snapshots.at(-1);
    if (last !== undefined && run.initial !== null) {
      this.begunOn.set(last, [...(this.begunOn.get(last) ?? []), run.initial]);
    }
    for (const id of run.initial === null ? snapshots : [run.initial, ...snapshots]) {
      this.at.set(id, Math.max(time, this.at.get(id) ?? 0));
    }
  }
}

/** False where a run has begun meanwhile that may reuse the snapshot, or builds on it already. */
async function removeUnlessNeeded(
  store: PhaseStore,
  { id, lineage }: PhaseRecord,
  used: Uses,
): Promise<boolean> {
  await used.refresh(store);
  if (used.live.has(lineage)) return false;
  try {
    await store.snapshotter.remove(id);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'in-use') return false;
    throw error;
  }
  store.forget(id);
  return true;
}

/** Takes away runs without snapshots, keys that lead nowhere, roots and bases nobody needs. */
async function removeLeftovers(store: PhaseStore): Promise<void> {
  const left = new Set((await store.records()).map(({ id }) => id));
  const runs = await store.runs();
  const derivations = new Set<string>();
  let live = false;
  for (const run of runs) {
    const has = [run.initial, ...run.phases.map(({ snapshot }) => snapshot)].some(
      (id) => id !== null && left.has(id),
    );
    const isLive = run.status === 'running' && (await store.isRunning(run.id));
    live ||= isLive;
    if (has || isLive) derivations.add(run.derivation);
    else await store.removeRun(run.id);
  }
  for (const key of await finishedNames(join(store.root, 'keys'))) {
    if ((await store.byKey(key)) === null) await rm(join(store.root, 'keys', key), { force: true });
  }
  const roots = new Set([...derivations].map((path) => rootsDirectory(store.root, path)));
  for (const name of await finishedNames(join(store.root, 'roots'))) {
    const directory = join(store.root, 'roots', name);
    if (!roots.has(directory)) await rm(directory, { recursive: true, force: true });
  }
  if (!live) await removeBases(store.root);
}

/**
 * Takes away the bases. One is made again in milliseconds; one in use belongs to an active snapshot, or to a run between two
 * phases. Whoever needs a base begins a snapshot first and then looks for it, and we look for those after we took the
 * bases away, so at least one of us notices.
 */
async function removeBases(root: string): Promise<void> {
  const isUsed = async (): Promise<boolean> =>
    (await finishedNames(join(root, 'active'))).length > 0;
  if (await isUsed()) return;
  const bases = join(root, 'bases');
  const place = await discard(bases, join(root, 'trash'));
  if (place === undefined) return;
  if (await isUsed()) await rename(place, bases);
  else await deleteTree(place);
}
