/** The build of a run that is over, prepared again from what the run kept: its derivation may be gone from the store. */
import { parseDerivation } from '../nix/aterm.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import { prepareBuild, type BuildSurroundings, type Preparation } from '../phases/preparation.ts';
import type { RunRecord } from '../phases/run-record.ts';
import type { FoundSnapshot } from '../phases/snapshot-reference.ts';
import { StrataError } from '../protocol/errors.ts';
import type { Policy } from '../sandbox/policy.ts';

/** @throws StrataError `not-found` where the run is gone, and what preparing a build throws. */
export async function prepareRecorded(
  store: PhaseStore,
  { id, derivation, overrides }: RunRecord,
  policy: Policy,
  surroundings: BuildSurroundings,
): Promise<Preparation> {
  return prepareBuild(
    {
      derivation: parseDerivation(await store.runDerivation(id), derivation),
      derivationPath: derivation,
      policy,
      overrides: new Map(Object.entries(overrides)),
    },
    surroundings,
  );
}

/** The same for a snapshot, in the run it is looked at in. @throws StrataError `not-found` where that is gone. */
export async function recordedPreparation(
  store: PhaseStore,
  { record, run }: FoundSnapshot,
  surroundings: BuildSurroundings,
): Promise<{ readonly preparation: Preparation; readonly run: RunRecord }> {
  if (run === null) {
    throw new StrataError({
      code: 'not-found',
      operation: `looking for the inputs of ${record.id}`,
      reason: `the run ${record.run} that made it is gone, and with it its derivation`,
      advice: 'build it again: strata run',
    });
  }
  return { preparation: await prepareRecorded(store, run, run.policy, surroundings), run };
}
