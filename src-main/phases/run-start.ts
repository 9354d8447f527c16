/** Where a run begins: its setup, found or made, and the phase to begin with. */
import { StrataError } from '../protocol/errors.ts';
import { rebased, type PlanSetting, type Position } from './decide.ts';
import type { LayerContext, LayerOutcome } from './layer-run.ts';
import type { PhaseRecord } from './phase-record.ts';
import type { PhaseStore } from './phase-store.ts';
import { hasPhases, knownSetup, runSetup, wholeStart, type Start } from './setup.ts';

export type RunStart =
  | {
      readonly kind: 'ready';
      readonly start: Start;
      /** The whole build, where the builder could not be stopped before its first phase. */
      readonly built: LayerOutcome | null;
    }
  | { readonly kind: 'failed'; readonly record: PhaseRecord };

/** Finds or makes the state before the first phase. */
export async function beginRun(
  store: PhaseStore,
  context: LayerContext,
  run: string,
): Promise<RunStart> {
  const { preparation } = context;
  if (!hasPhases(preparation)) {
    // Its scripts may be outputs of dependencies: they are there once the inputs are.
    await preparation.sandbox();
    if (!hasPhases(preparation)) {
      return { kind: 'ready', start: wholeStart(preparation), built: null };
    }
  }
  const known = await knownSetup(store, preparation);
  if (known !== null) return { kind: 'ready', start: known, built: null };
  const result = await runSetup(store, context, run);
  switch (result.kind) {
    case 'ready':
      return { kind: 'ready', start: result.start, built: null };
    case 'built':
      return { kind: 'ready', start: result.start, built: result.outcome };
    case 'failed':
      return result;
  }
}

/** A snapshot to go on from, and the phase to go on with. */
export interface Resume {
  readonly record: PhaseRecord;
  readonly phase: string;
}

/**
 * The position and the phase a run begins with.
 *
 * @throws StrataError `usage` where a snapshot to go on from is none of this derivation's.
 */
export function firstPosition(
  start: Start,
  setting: PlanSetting,
  resume: Resume | null,
): { readonly position: Position; readonly first: number } {
  if (resume === null) return { position: start.position, first: 0 };
  const { record, phase } = resume;
  const first = setting.phases.indexOf(phase);
  if (first < 0 || record.lineage !== setting.lineage) {
    throw new StrataError({
      code: 'usage',
      operation: `resuming from ${record.name ?? record.id}`,
      reason:
        first < 0
          ? `this derivation has no phase ${phase}`
          : 'it is a snapshot of another package, and its outputs have other paths',
      advice: `the phases are ${setting.phases.join(', ')}`,
    });
  }
  const { state } = rebased(setting, record);
  return { position: { snapshot: record.id, contents: record.contents, state }, first };
}

/** @throws StrataError `usage` where an option names a phase that the derivation does not have. */
export function checkPhaseNames(
  phases: readonly string[],
  names: Readonly<Record<string, string | null>>,
): void {
  for (const [option, name] of Object.entries(names)) {
    if (name === null || phases.includes(name)) continue;
    throw new StrataError({
      code: 'usage',
      operation: 'planning the run',
      reason: `${option}: there is no phase ${name}`,
      advice: `the phases are ${phases.join(', ')}`,
    });
  }
}
