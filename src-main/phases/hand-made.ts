/** Which states that a person made a snapshot rests on: no build makes what is in them. */
import type { PhaseRecord } from './phase-record.ts';
import type { PhaseStore } from './phase-store.ts';

/** Those among a snapshot and its ancestors, the newest first; none for the empty tree. */
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
