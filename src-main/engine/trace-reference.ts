/** Traces of a run as fronts name them: a run by its id, or in a person's words `last`, `RUN` and `RUN:PHASE`. */
import type { PhaseStore } from '../phases/phase-store.ts';
import type { RunRecord } from '../phases/run-record.ts';
import { findRun } from '../phases/snapshot-reference.ts';
import type { TraceKind } from '../phases/tracing.ts';
import { StrataError } from '../protocol/errors.ts';

export interface TraceReference {
  /** The id of a run. */
  readonly run: string;
  /** Null for all of its phases. */
  readonly phase: string | null;
}

/** What is there of a run's traces of one kind. */
export interface Traced {
  /** The phases of the run that were traced so. */
  readonly traced: readonly string[];
}

/** @throws StrataError `not-found` where there is no run of that id. */
export async function tracedRun(store: PhaseStore, run: string): Promise<RunRecord> {
  const record = /^\w+$/.test(run) ? await store.run(run) : null;
  if (record !== null) return record;
  throw new StrataError({
    code: 'not-found',
    operation: 'reading a trace',
    reason: `there is no run ${run}`,
  });
}

/**
 * Reads the trace that a person names.
 *
 * @param files what else may be named: `files with what LD_DEBUG printed`
 * @throws StrataError `not-found` where there is none of that name, or it was not traced.
 */
export async function namedTrace<Trace extends Traced>(
  store: PhaseStore,
  reference: string,
  { kind, files }: { readonly kind: TraceKind; readonly files: string },
  read: (reference: TraceReference) => Promise<Trace>,
): Promise<Trace> {
  const [word = '', phase = null] = reference.split(':', 2);
  const run = await findRun(store, word);
  const operation = `looking for the trace of ${reference}`;
  if (run === null) {
    throw new StrataError({
      code: 'not-found',
      operation,
      reason:
        word === 'last'
          ? 'no run has reached a phase'
          : `there is no run ${word}, and no file of that name`,
      advice: `name a run, RUN:PHASE, last, or ${files}; strata ls lists runs`,
    });
  }
  const trace = await read({ run: run.id, phase });
  if (phase === null ? trace.traced.length > 0 : trace.traced.includes(phase)) return trace;
  const others = trace.traced.length === 0 ? '' : `; ${trace.traced.join(', ')} was`;
  throw new StrataError({
    code: 'not-found',
    operation,
    reason: `${phase ?? 'no phase of it'} was ${phase === null ? '' : 'not '}traced${others}`,
    advice: `trace it: strata run --trace ${kind}${phase === null ? '' : ` --from ${phase}`}`,
  });
}
