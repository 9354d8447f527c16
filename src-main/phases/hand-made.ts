/** States that a person made, in a shell or by letting a held failure pass: no build makes what is in them. */
import type { PhaseRecord } from './phase-record.ts';
import type { PhaseStore } from './phase-store.ts';

/** Those of them among a snapshot and its ancestors, the newest first; none for the empty tree. */
export async function handMadeUpTo(
  store: PhaseStore,
  snapshot: string | null,
): Promise<readonly PhaseRecord[]> {
  const found: PhaseRecord[] = [];
  for (let id = snapshot; id !== null;) {
    const record: PhaseRecord | null = await store.record(id);
    if (record?.status === 'kept') found.push(record);
    id = record?.parent ?? null;
  }
  return found;
}

/**
 * Whether a derivation alone comes to what a snapshot holds: nothing that it rests on was made by a person, or a run that
 * went on from no such thing has come to the very same.
 */
export async function isDerivationsOwn(store: PhaseStore, record: PhaseRecord): Promise<boolean> {
  if ((await handMadeUpTo(store, record.id)).length === 0) return true;
  const runs = await store.runs();
  return runs.some(
    ({ handMade, phases }) =>
      handMade.length === 0 && phases.some(({ snapshot }) => snapshot === record.id),
  );
}
