/** Finding what a person means by a SNAPSHOT: an id, a unique prefix of one, a kept name, `RUN:PHASE` or `last:PHASE`. */
import { StrataError } from '../protocol/errors.ts';
import type { PhaseRecord } from './phase-record.ts';
import type { PhaseStore } from './phase-store.ts';
import type { RunRecord } from './run-record.ts';

export interface FoundSnapshot {
  readonly record: PhaseRecord;
  /** The run it is looked at in: the one named, else the one that made it; null where that is gone. */
  readonly run: RunRecord | null;
}

/**
 * Resolves a reference.
 *
 * @throws StrataError `not-found`, or `usage` where a prefix fits several.
 */
export async function findSnapshot(store: PhaseStore, reference: string): Promise<FoundSnapshot> {
  const colon = reference.indexOf(':');
  if (colon >= 0) {
    return findInRun(store, reference.slice(0, colon), reference.slice(colon + 1));
  }
  const exact = await store.record(reference);
  const record = exact ?? pickOne(reference, await store.records());
  return { record, run: await store.run(record.run) };
}

function pickOne(reference: string, records: readonly PhaseRecord[]): PhaseRecord {
  const named = records.find(({ name }) => name === reference);
  if (named !== undefined) return named;
  const fitting = records.filter(({ id }) => reference !== '' && id.startsWith(reference));
  const [only, another] = fitting;
  if (only === undefined) throw notFound(reference, 'there is no snapshot of that id or name');
  if (another === undefined) return only;
  throw new StrataError({
    code: 'usage',
    operation: `looking for the snapshot ${reference}`,
    reason: `${fitting.length} snapshots begin so: ${fitting.map(({ id }) => id).join(', ')}`,
    advice: 'give more of the id',
  });
}

async function findInRun(store: PhaseStore, runId: string, phase: string): Promise<FoundSnapshot> {
  const reference = `${runId}:${phase}`;
  const runs = await store.runs();
  if (runId === 'last') {
    // The newest run that reached the phase: one that stopped before it says nothing about it.
    for (const run of runs) {
      const found = await snapshotOf(store, run, phase);
      if (found !== null) return { record: found, run };
    }
    throw notFound(reference, 'no run has reached that phase');
  }
  const fitting = runs.filter(({ id }) => id.startsWith(runId));
  const [run, another] = fitting;
  if (run === undefined || runId === '') throw notFound(reference, `there is no run ${runId}`);
  if (another !== undefined && run.id !== runId) {
    throw new StrataError({
      code: 'usage',
      operation: `looking for the snapshot ${reference}`,
      reason: `several runs begin so: ${fitting.map(({ id }) => id).join(', ')}`,
      advice: 'give more of the id',
    });
  }
  const record = await snapshotOf(store, run, phase);
  if (record !== null) return { record, run };
  const reached = run.phases.filter(({ snapshot }) => snapshot !== null).map(({ name }) => name);
  throw notFound(
    reference,
    `the run has no snapshot of ${phase}; it has ${reached.join(', ') || 'none'}`,
  );
}

async function snapshotOf(
  store: PhaseStore,
  run: RunRecord,
  phase: string,
): Promise<PhaseRecord | null> {
  const id =
    phase === 'setup'
      ? run.initial
      : run.phases.findLast(({ name, snapshot }) => name === phase && snapshot !== null)?.snapshot;
  return id === null || id === undefined ? null : store.record(id);
}

function notFound(reference: string, reason: string): StrataError {
  return new StrataError({
    code: 'not-found',
    operation: `looking for the snapshot ${reference}`,
    reason,
    advice: 'list them: strata ls',
  });
}
