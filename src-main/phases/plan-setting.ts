/** What holds for all phases of a plan, from the build, its start and what the person asked for. */
import type { PlanSetting } from './decide.ts';
import type { PhaseStore } from './phase-store.ts';
import { givenValues, type Preparation } from './preparation.ts';
import type { Start } from './setup.ts';

/** Puts a plan's setting together. */
export function planSetting(
  store: PhaseStore,
  { request, environment, lineage, system, sandboxPaths }: Preparation,
  start: Start,
  { reuse, from }: Pick<PlanSetting, 'reuse' | 'from'>,
): PlanSetting {
  return {
    store,
    lineage,
    style: start.style,
    phases: start.phases,
    initial: start.position.state,
    policy: request.policy,
    sandboxPaths,
    system,
    files: environment.files,
    given: givenValues(request),
    reuse,
    from,
  };
}
