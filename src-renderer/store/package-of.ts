/** Which package a state is of, as `hello-2.12`. */
import { derivationName } from '../../src-main/protocol/store-name.ts';
import { shownPlan, usePlan } from './plan.ts';
import { useRuns } from './runs.ts';

/** Null for a state that the window does not know (yet): those of a run under way are read when it has ended. */
export function packageOf(snapshot: string): string | null {
  const known = useRuns.getState().snapshots.find(({ id }) => id === snapshot);
  return known === undefined ? null : derivationName(known.derivation);
}

/** That of the open target; null where it does not evaluate. */
export function openPackage(): string | null {
  const plan = shownPlan(usePlan.getState().state);
  return plan === null ? null : derivationName(plan.derivation);
}
