/** Runs and snapshots as the fronts see them. */
import type { PhaseRecord } from '../phases/phase-record.ts';
import type { RunRecord } from '../phases/run-record.ts';
import type { TraceKind } from '../phases/tracing.ts';
import type { PhaseRunView, Run, Snapshot } from '../protocol/methods.ts';
import type { Policy } from '../sandbox/policy.ts';

/** What is to be known of a run beyond its record. */
export interface RunFacts {
  /** Whether somebody carries it out now. */
  readonly live: boolean;
  /** The record of a snapshot; null where it is gone. */
  readonly record: (id: string) => PhaseRecord | null;
  /** When a phase began, where this engine ran it (milliseconds since 1970). */
  readonly startedAt: (phase: string) => number | null;
  /** How a phase was traced. */
  readonly traced: (phase: string) => readonly TraceKind[];
}

/**
 * A run whose process is dead was cut off: it is `cancelled`. The phase it was in stays `running`: that is where it stopped.
 */
export function runView(run: RunRecord, facts: RunFacts): Run {
  const status = run.status === 'running' && !facts.live ? 'cancelled' : run.status;
  const age = Math.max(0, Date.now() - Date.parse(run.createdAt));
  return {
    id: run.id,
    derivation: run.derivation,
    target: run.target,
    outputs: run.outputs,
    shown: shownBy(run.policy),
    reuse: run.reuse,
    status,
    initial: run.initial,
    endsAt: run.endsAt,
    phases: run.phases.map((phase) => phaseView(run, phase, facts)),
    unconfirmed: run.unconfirmed,
    confirmation: run.confirmation,
    createdAt: run.createdAt,
    ms: status === 'running' ? age : run.ms,
  };
}

function shownBy(policy: Policy): Run['shown'] {
  if (policy.kind !== 'relaxed') return { sandbox: policy.kind, binds: [], network: false };
  const binds = policy.binds.map(({ source, target }) =>
    source === target ? source : `${source}=${target}`,
  );
  return { sandbox: 'relaxed', binds, network: policy.network };
}

function phaseView(
  run: RunRecord,
  phase: RunRecord['phases'][number],
  facts: RunFacts,
): PhaseRunView {
  return {
    ...phase,
    ms: timeOf(phase, facts),
    startedAt: beginning(run, phase, facts),
    traced: hasRun(phase) ? [...facts.traced(phase.name)] : [],
  };
}

function timeOf({ status, snapshot, ms }: RunRecord['phases'][number], facts: RunFacts): number {
  if (status !== 'reused' || snapshot === null) return ms;
  return facts.record(snapshot)?.ms ?? ms;
}

function hasRun({ status }: RunRecord['phases'][number]): boolean {
  return status !== 'reused' && status !== 'skipped' && status !== 'planned';
}

function beginning(
  run: RunRecord,
  phase: RunRecord['phases'][number],
  facts: RunFacts,
): number | null {
  if (!hasRun(phase)) return null;
  const { name, snapshot, ms } = phase;
  const known = facts.startedAt(name);
  if (known !== null) return known;
  const record = snapshot === null ? null : facts.record(snapshot);
  // A snapshot of another run was there when the phase had run, and tells nothing about when that was.
  return record?.run === run.id ? Date.parse(record.createdAt) - ms : null;
}

export function snapshotView(record: PhaseRecord): Snapshot {
  const { id, run, derivation, phase, parent, status, name, bytes, createdAt, failure } = record;
  return {
    id,
    run,
    derivation,
    phase,
    parent,
    status,
    name,
    bytes,
    createdAt,
    failure:
      failure === null
        ? null
        : {
            command: failure.command,
            functions: [...failure.functions],
            line: failure.line,
          },
  };
}
