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
  if (record === null) throw await notOne(store, reference);
  return { record, run: await store.run(record.run) };
}

/**
 * The run of an id, a unique prefix of one, or `last`; null where there is none.
 *
 * @throws StrataError `usage` where a prefix fits several.
 */
export async function findRun(store: PhaseStore, word: string): Promise<RunRecord | null> {
  const runs = (await store.runs()).filter(({ isTrial }) => !isTrial);
  if (word === 'last') return runs.find((run) => reachedPhases(run).length > 0) ?? null;
  const fitting = word === '' ? [] : runs.filter(({ id }) => id.startsWith(word));
  const [run = null, another] = fitting;
  if (run === null || another === undefined || run.id === word) return run;
  throw new StrataError({
    code: 'usage',
    operation: `looking for the run ${word}`,
    reason: `several runs begin so: ${fitting.map(({ id }) => id).join(', ')}`,
    advice: 'give more of the id',
  });
}

/** The phases of a run that have a snapshot, in their order. */
function reachedPhases(run: RunRecord): readonly string[] {
  return run.phases.filter(({ snapshot }) => snapshot !== null).map(({ name }) => name);
}

function pickOne(reference: string, records: readonly PhaseRecord[]): PhaseRecord | null {
  const named = records.find(({ name }) => name === reference);
  if (named !== undefined) return named;
  const fitting = records.filter(({ id }) => reference !== '' && id.startsWith(reference));
  const [only = null, another] = fitting;
  if (another === undefined) return only;
  throw new StrataError({
    code: 'usage',
    operation: `looking for the snapshot ${reference}`,
    reason: `${fitting.length} snapshots begin so: ${fitting.map(({ id }) => id).join(', ')}`,
    advice: 'give more of the id',
  });
}

/** The error for words that name no snapshot: often they name a run, or a phase of any. */
async function notOne(store: PhaseStore, reference: string): Promise<StrataError> {
  const run = await findRun(store, reference);
  if (run !== null) {
    const phases = reachedPhases(run);
    const [last = 'PHASE'] = phases.slice(-1);
    return notFound(
      reference,
      'that is a run, and a snapshot is one phase of it',
      `name the phase, as in ${reference}:${last}; the run has ${phases.join(', ') || 'none'}`,
    );
  }
  if (reference === 'last') return notFound(reference, 'no run has reached a phase');
  if ((await store.records()).some(({ phase }) => phase === reference)) {
    return notFound(
      reference,
      'that is a phase, and of no run in particular',
      `name the run too: last:${reference} is that of the newest`,
    );
  }
  return notFound(reference, 'there is no snapshot of that id or name');
}

async function findInRun(store: PhaseStore, word: string, phase: string): Promise<FoundSnapshot> {
  const reference = `${word}:${phase}`;
  if (word === 'last') {
    // The newest run that reached the phase: one that stopped before it says nothing about it.
    for (const run of await store.runs()) {
      const found = await snapshotOf(store, run, phase);
      if (found !== null) return { record: found, run };
    }
    throw notFound(reference, 'no run has reached that phase');
  }
  const run = await findRun(store, word);
  if (run === null) throw notFound(reference, `there is no run ${word}`);
  const record = await snapshotOf(store, run, phase);
  if (record !== null) return { record, run };
  const reached = reachedPhases(run).join(', ') || 'none';
  throw notFound(reference, `the run has no snapshot of ${phase}; it has ${reached}`);
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

function notFound(reference: string, reason: string, advice = 'list them: strata ls'): StrataError {
  return new StrataError({
    code: 'not-found',
    operation: `looking for the snapshot ${reference}`,
    reason,
    advice,
  });
}
