/** Where a run begins: its setup, found or made, and the phase to begin with. */
import { StrataError } from '../protocol/errors.ts';
import type { Tracing } from './tracing.ts';
import type { Breakpoints } from './breakpoints.ts';
import { rebased, type PlanSetting, type Position } from './decide.ts';
import type { LayerContext, LayerOutcome } from './layer-run.ts';
import type { PhaseRecord } from './phase-record.ts';
import type { PhaseStore } from './phase-store.ts';
import { didYouMean } from './similar-names.ts';
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

/** Which phases were asked for, and what else `--from` can name. */
export interface AskedRange {
  readonly from: string | null;
  readonly until: string | null;
  /** The snapshot to go on from, where `from` is the phase that follows from it. */
  readonly resume: Resume | null;
  /** The names of the snapshots that shells left. */
  readonly kept: readonly string[];
}

/** @throws StrataError `usage` where an option names a phase that the derivation does not have, or none is between them. */
export function checkRange(phases: readonly string[], asked: AskedRange): void {
  const { from, until, resume, kept } = asked;
  if (from !== null && !phases.includes(from)) throw noPhase('--from', from, phases, kept);
  if (until !== null && !phases.includes(until)) throw noPhase('--until', until, phases, []);
  if (from === null || until === null || phases.indexOf(from) <= phases.indexOf(until)) return;
  const name = resume === null ? null : (resume.record.name ?? resume.record.id);
  throw new StrataError({
    code: 'usage',
    operation: `reading --from ${name ?? from} --until ${until}`,
    reason:
      name === null
        ? `${from} comes after ${until}, so nothing is left to run`
        : `${name} goes on with ${from}, which comes after ${until}`,
    advice: `leave out --until, or name a phase from ${from} on; the phases are ${phases.join(', ')}`,
  });
}

/** @throws StrataError `usage` where a breakpoint names a phase that the derivation does not have. */
export function checkBreakpoints(
  phases: readonly string[],
  { before, after }: Pick<Breakpoints, 'before' | 'after'>,
): void {
  for (const phase of before) {
    if (!phases.includes(phase)) throw noPhase('--break-before', phase, phases, []);
  }
  for (const phase of after) {
    if (!phases.includes(phase)) throw noPhase('--break-after', phase, phases, []);
  }
}

/** @throws StrataError `usage` where a phase is to be traced that the derivation does not have. */
export function checkTraced(phases: readonly string[], { phases: traced }: Tracing): void {
  for (const [kind, names] of traced) {
    for (const name of names ?? []) {
      if (!phases.includes(name)) throw noPhase(`--trace ${kind}:`, name, phases, []);
    }
  }
}

function noPhase(
  option: string,
  word: string,
  phases: readonly string[],
  kept: readonly string[],
): StrataError {
  const alsoKept = option === '--from' ? ', and there is no kept snapshot of it' : '';
  const names = kept.length === 0 ? '' : `; the kept snapshots are ${kept.join(', ')}`;
  return new StrataError({
    code: 'usage',
    operation: `reading ${option.endsWith(':') ? option : `${option} `}${word === '' ? "''" : word}`,
    reason:
      word === '' ? 'it names no phase' : `this derivation has no phase of that name${alsoKept}`,
    advice: `${didYouMean(word, [...phases, ...kept])}the phases are ${phases.join(', ')}${names}`,
  });
}
