/** What `--from` names: a phase of the plan, or a snapshot that a shell left. */
import { StrataError } from '../protocol/errors.ts';
import type { PhaseRecord } from '../phases/phase-record.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import { findSnapshot } from '../phases/snapshot-reference.ts';

export interface ResumePoint {
  /** The first phase that runs whatever could be reused. */
  readonly from: string | null;
  readonly resume: { readonly record: PhaseRecord; readonly phase: string } | null;
}

/**
 * Reads `--from`: a phase; the name or id of a snapshot, after which the build goes on; or `SNAPSHOT:PHASE`, to say with
 * which phase. A snapshot made from a failed phase goes on with that phase, any other with the next.
 *
 * @throws StrataError `not-found`, `usage`.
 */
export async function resumePoint(store: PhaseStore, words: string | null): Promise<ResumePoint> {
  if (words === null) return { from: null, resume: null };
  const records = await store.records();
  const [name = '', phase] = words.split(':');
  const kept = records.find((record) => record.name === name || record.id === name);
  if (kept === undefined && !words.includes(':')) return { from: words, resume: null };
  const record = kept ?? (await findSnapshot(store, words)).record;
  const next = (kept === undefined ? undefined : phase) ?? nextPhase(record, records);
  return { from: next, resume: { record, phase: next } };
}

function nextPhase(record: PhaseRecord, records: readonly PhaseRecord[]): string {
  const origin = record.status === 'kept' ? records.find(({ id }) => id === record.parent) : record;
  const again = (origin ?? record).status === 'failed';
  const index = record.phases.indexOf(record.phase);
  const next = record.phases[again ? index : index + 1];
  if (next !== undefined) return next;
  throw new StrataError({
    code: 'usage',
    operation: `resuming from ${record.name ?? record.id}`,
    reason: `${record.phase} is the last phase`,
    advice: `name the phase to go on with: --from ${record.name ?? record.id}:PHASE`,
  });
}
