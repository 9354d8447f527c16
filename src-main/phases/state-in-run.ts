/** The state of a snapshot as a run that reused it sees it: the snapshot may come from an older derivation. */
import { stateAfterReuse, type Position } from './decide.ts';
import type { PhaseRecord } from './phase-record.ts';
import type { PhaseStore } from './phase-store.ts';
import type { RunRecord } from './run-record.ts';
import type { ShellState } from './shell-state.ts';

/** Follows the run from its initial state to the snapshot. */
export async function stateInRun(
  store: PhaseStore,
  record: PhaseRecord,
  run: RunRecord,
): Promise<ShellState> {
  if (record.run === run.id || run.initial === null) return store.state(record.id);
  let position: Position = { snapshot: null, contents: '', state: store.state(run.initial) };
  for (const { snapshot } of run.phases) {
    const passed = snapshot === null ? null : await store.record(snapshot);
    if (passed === null) continue;
    const state =
      passed.run === run.id
        ? store.state(passed.id)
        : stateAfterReuse(store, passed, position).state;
    position = { snapshot: passed.id, contents: passed.contents, state };
    if (passed.id === record.id) break;
  }
  return position.state;
}
