/** Which snapshots and runs leave with one: its ancestors, and what the run needs to give its state. */
import { StrataError } from '../protocol/errors.ts';
import type { PhaseRecord } from '../phases/phase-record.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import type { FoundSnapshot } from '../phases/snapshot-reference.ts';
import type { RunRecord } from '../phases/run-record.ts';

export interface ExportedSnapshots {
  /** The first first. */
  readonly lineage: readonly PhaseRecord[];
  /** Others, parents before children: setups of runs that went on from older snapshots. */
  readonly beside: readonly PhaseRecord[];
  /** Those that made them, and the one the snapshot is looked at in. */
  readonly runs: readonly RunRecord[];
}

/** @throws StrataError `not-found` where one of them is gone. */
export async function exportedSnapshots(
  store: PhaseStore,
  { record, run }: FoundSnapshot,
): Promise<ExportedSnapshots> {
  const lineage = await ancestry(store, record.id);
  const known = new Set(lineage.map(({ id }) => id));
  const beside: PhaseRecord[] = [];
  const initials = [run?.initial ?? null, ...lineage.map(({ initial }) => initial)];
  for (const initial of initials) {
    if (initial === null || known.has(initial)) continue;
    for (const one of await ancestry(store, initial)) {
      if (known.has(one.id)) continue;
      known.add(one.id);
      beside.push(one);
    }
  }
  const ids = new Set([...lineage, ...beside].map((one) => one.run));
  if (run !== null) ids.add(run.id);
  const runs = await Promise.all([...ids].toSorted().map(async (id) => store.run(id)));
  return { lineage, beside, runs: runs.filter((one) => one !== null) };
}

async function ancestry(store: PhaseStore, snapshot: string): Promise<readonly PhaseRecord[]> {
  const found: PhaseRecord[] = [];
  for (let id: string | null = snapshot; id !== null;) {
    const record: PhaseRecord | null = await store.record(id);
    if (record === null) {
      throw new StrataError({
        code: 'not-found',
        operation: `collecting what ${snapshot} stands on`,
        reason: `the snapshot ${id} is gone`,
        advice: 'build it again: strata run',
      });
    }
    found.unshift(record);
    id = record.parent;
  }
  return found;
}
