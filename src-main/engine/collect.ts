/** Freeing what is no longer wanted: snapshots, and what only they needed. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDraft } from '../host/draft.ts';
import { isSystemError } from '../protocol/errors.ts';
import { rootsDirectory } from '../phases/materials.ts';
import type { PhaseRecord } from '../phases/phase-record.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import { planCollection } from '../snapshots/collection.ts';

export interface CollectionWish {
  /** Remove what no run has used for longer than this; null for no such limit. */
  readonly olderThanDays: number | null;
  /** Remove the longest unused until the rest takes no more; null for no such limit. */
  readonly maxBytes: number | null;
  readonly dryRun: boolean;
}

export interface CollectionReport {
  readonly removed: readonly Pick<PhaseRecord, 'id' | 'phase' | 'run' | 'bytes'>[];
  readonly freedBytes: number;
  readonly keptBytes: number;
}

const DAY = 24 * 60 * 60 * 1000;

/** Carries out a wish, or says what it would come to. Never removes what another snapshot or a live run needs. */
export async function collect(store: PhaseStore, wish: CollectionWish): Promise<CollectionReport> {
  const records = await store.records();
  const used = await lastUses(store);
  const planned = planCollection(
    records.map((record) => {
      const created = Date.parse(record.createdAt);
      return {
        name: record.id,
        parent: record.parent,
        needs: record.initial === null || record.initial === record.id ? [] : [record.initial],
        bytes: record.bytes,
        createdAt: created,
        lastUsed: Math.max(created, used.at.get(record.id) ?? 0),
        // What a run that goes on stands on, or may yet reuse.
        pinned: used.live.has(record.lineage),
      };
    }),
    {
      now: Date.now(),
      ...(wish.olderThanDays === null ? {} : { olderThanMs: wish.olderThanDays * DAY }),
      ...(wish.maxBytes === null ? {} : { maxBytes: wish.maxBytes }),
    },
  );
  const removed: PhaseRecord[] = [];
  for (const id of planned) {
    const record = records.find((candidate) => candidate.id === id);
    if (record === undefined) continue;
    if (!wish.dryRun && !(await removeUnlessNeeded(store, id))) continue;
    removed.push(record);
  }
  if (!wish.dryRun) await removeLeftovers(store);
  const total = records.reduce((sum, { bytes }) => sum + bytes, 0);
  const freedBytes = removed.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    removed: removed.map(({ id, phase, run, bytes }) => ({ id, phase, run, bytes })),
    freedBytes,
    keptBytes: total - freedBytes,
  };
}

/** When runs last used each snapshot, and the lineages of the runs that go on now. */
async function lastUses(
  store: PhaseStore,
): Promise<{ readonly at: ReadonlyMap<string, number>; readonly live: ReadonlySet<string> }> {
  const at = new Map<string, number>();
  const live = new Set<string>();
  for (const run of await store.runs()) {
    const time = Date.parse(run.createdAt);
    if (run.status === 'running' && (await store.isRunning(run.id))) live.add(run.lineage);
    for (const id of [run.initial, ...run.phases.map(({ snapshot }) => snapshot)]) {
      if (id === null) continue;
      at.set(id, Math.max(time, at.get(id) ?? 0));
    }
  }
  return { at, live };
}

/** False where a run has begun to build on the snapshot meanwhile. */
async function removeUnlessNeeded(store: PhaseStore, id: string): Promise<boolean> {
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
  for (const key of await names(join(store.root, 'keys'))) {
    if ((await store.byKey(key)) === null) await rm(join(store.root, 'keys', key), { force: true });
  }
  const roots = new Set([...derivations].map((path) => rootsDirectory(store.root, path)));
  for (const name of await names(join(store.root, 'roots'))) {
    const directory = join(store.root, 'roots', name);
    if (!roots.has(directory)) await rm(directory, { recursive: true, force: true });
  }
  // A base is made again in milliseconds; one in use belongs to an active snapshot, or to a run between two phases.
  if (live || (await names(join(store.root, 'active'))).length > 0) return;
  await rm(join(store.root, 'bases'), { recursive: true, force: true });
}

async function names(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).filter((name) => !isDraft(name));
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return [];
    throw error;
  }
}
