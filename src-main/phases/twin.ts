/**
 * Finding that a phase which ran again came to what it had come to before. Going on from the earlier snapshot then lets
 * the phases after it be reused, with the times of files that make and its like compare.
 */
import { stateAfterReuse, type PlanSetting, type Position } from './decide.ts';
import type { PhaseRecord } from './phase-record.ts';
import { sameState } from './rebase.ts';
import type { ShellState } from './shell-state.ts';

/**
 * An earlier snapshot of the phase with the same files and, going on from it, the same state; null for none.
 *
 * @param from where the build stood before the phase
 */
export async function findTwin(
  setting: PlanSetting,
  phase: string,
  from: Position,
  contents: string,
  state: ShellState,
): Promise<PhaseRecord | null> {
  for (const record of await setting.store.records()) {
    const fits =
      record.lineage === setting.lineage &&
      record.phase === phase &&
      record.status === 'succeeded' &&
      !record.endedBuild &&
      record.contents === contents;
    if (fits && sameState(stateAfterReuse(setting.store, record, from).state, state)) return record;
  }
  return null;
}
