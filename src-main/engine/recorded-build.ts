/** The build of a run that is over, prepared again from what the run kept: its derivation may be gone from the store. */
import { parseDerivation } from '../nix/aterm.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import { prepareBuild, type BuildSurroundings, type Preparation } from '../phases/preparation.ts';
import type { RunRecord } from '../phases/run-record.ts';
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
