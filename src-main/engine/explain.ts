/**
 * Why a phase failed, as far as the sandbox has to do with it: it is run again from the state before it, traced, as it failed
 * and with the host in view; what it lacked is ranked; and the likeliest of it is shown to it, one at a time, to see whether it
 * then succeeds.
 */
import { statSync } from 'node:fs';
import type { PhaseRecord } from '../phases/phase-record.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import type { BuildSurroundings } from '../phases/preparation.ts';
import { runPhases } from '../phases/run.ts';
import type { RunRecord } from '../phases/run-record.ts';
import { findRun } from '../phases/snapshot-reference.ts';
import type { Tracer, Tracing } from '../phases/tracing.ts';
import { StrataError } from '../protocol/errors.ts';
import type { HostBind, Policy } from '../sandbox/policy.ts';
import { missingInterpreters } from '../trace/missing-interpreters.ts';
import { remediesFor } from '../trace/remedies.ts';
import { suspects, type Suspect } from '../trace/suspects.ts';
import type { StaticRoot } from '../trace/static-root.ts';
import type { SyscallTrace } from '../trace/syscalls/model.ts';
import { PhaseRoot } from './phase-root.ts';
import { prepareRecorded } from './recorded-build.ts';
import { libraryTrace } from './run-libraries.ts';
import { runSyscalls } from './run-syscalls.ts';
import type { TraceReference } from './trace-reference.ts';

/** What became of the phase when one thing was shown to it. */
export type Trial = 'succeeds' | 'fails' | 'not-tried';

export interface ExplainedSuspect extends Suspect {
  readonly trial: Trial;
  /** What to do about it in Nix. */
  readonly remedies: readonly string[];
}

export interface Explanation {
  readonly run: string;
  readonly phase: string;
  /** Under the sandbox it failed in. */
  readonly again: 'succeeds' | 'fails';
  /** With the host's files and network in view. */
  readonly withHost: Trial;
  /** What the phase itself said: the command that failed and the line that looks like why; null where it left none. */
  readonly failure: { readonly command: string | null; readonly line: string | null };
  readonly suspects: readonly ExplainedSuspect[];
}

export interface ExplainOptions {
  /** How many suspects are tried out at most. */
  readonly trials: number;
  readonly signal: AbortSignal;
  /** Told what goes on now, as a gerund. */
  readonly onStep: (text: string) => void;
}

/** With files the loader says who asks for a library, and so whose search path it is. */
const LD_DEBUG = 'libs,files';

/**
 * Explains the failed phase of a run.
 *
 * @param reference `last` or a run's id
 * @throws StrataError `not-found` where no phase of it failed, and what a run throws.
 */
export async function explain(
  store: PhaseStore,
  reference: string,
  surroundings: BuildSurroundings,
  tracer: Tracer,
  options: ExplainOptions,
): Promise<Explanation> {
  const { run, failed } = await failedPhase(store, reference);
  const parent = failed.parent === null ? null : await store.record(failed.parent);
  if (parent === null) throw noBeginning(failed);
  const { onStep, signal } = options;
  const phase = failed.phase;
  const failure = {
    command: failed.failure?.command ?? null,
    line: reasonIn(failed.failure?.line?.text ?? null),
  };
  const trying = { store, run, parent, phase, surroundings, tracer, signal };
  const syscallsOf = async (trace: TraceReference): Promise<SyscallTrace> =>
    (await runSyscalls(store, trace, signal)).trace;

  onStep(`running ${phase} again, traced`);
  const inside = await attempt(trying, run.policy, {
    kinds: new Map([
      ['ld', null],
      ['syscalls', null],
    ]),
    look: async (trace, root) => {
      const syscalls = await syscallsOf(trace);
      return {
        inside: syscalls,
        libraries: (await libraryTrace(store, trace, signal)).processes,
        interpreters: root === null ? [] : await missingInterpreters(syscalls, root),
      };
    },
  });
  if (inside.succeeded || inside.seen === null) {
    return { run: run.id, phase, failure, again: 'succeeds', withHost: 'not-tried', suspects: [] };
  }
  onStep(`running ${phase} with the host in view, traced`);
  const outside = await attempt(
    trying,
    { kind: 'off' },
    { kinds: new Map([['syscalls', null]]), look: syscallsOf },
  );
  const found = suspects({
    ...inside.seen,
    outside: outside.seen,
    outsideKind,
  });

  const explained: ExplainedSuspect[] = [];
  let tried = 0;
  let isSolved = false;
  for (const suspect of found) {
    const policy = withSuspect(run.policy, suspect);
    // Where the host in view does not help, no part of it does.
    const isWorth = outside.succeeded && !isSolved && tried < options.trials && policy !== null;
    let outcome: Trial = 'not-tried';
    if (isWorth) {
      tried += 1;
      onStep(`running ${phase} with ${suspect.path ?? 'the network'}`);
      outcome = (await attempt(trying, policy, null)).succeeded ? 'succeeds' : 'fails';
      isSolved = outcome === 'succeeds';
    }
    explained.push({ ...suspect, trial: outcome, remedies: remediesFor(suspect) });
  }
  return {
    run: run.id,
    phase,
    failure,
    again: 'fails',
    withHost: outside.succeeded ? 'succeeds' : 'fails',
    // What was seen to help is the answer, however it was ranked.
    suspects: explained.toSorted((one, other) => rank(other) - rank(one)),
  };
}

/** What begins every phase says nothing of why it failed: a command that fails silently leaves no other line. */
function reasonIn(line: string | null): string | null {
  return line?.startsWith('Running phase: ') === true ? null : line;
}

function rank({ trial, score }: ExplainedSuspect): number {
  return trial === 'succeeds' ? Infinity : score;
}

/** What all attempts have in common. */
interface Trying {
  readonly store: PhaseStore;
  readonly run: RunRecord;
  /** The state before the phase. */
  readonly parent: PhaseRecord;
  readonly phase: string;
  readonly surroundings: BuildSurroundings;
  readonly tracer: Tracer;
  readonly signal: AbortSignal;
}

/** What is traced of an attempt, and read from its trace before that is cleared away. */
interface Traced<Seen> {
  readonly kinds: Tracing['phases'];
  /** @param root the files as the attempt left them; null where it left no state */
  readonly look: (trace: TraceReference, root: StaticRoot | null) => Promise<Seen>;
}

/** Runs the phase alone from the state before it. */
async function attempt<Seen>(
  { store, run, parent, phase, surroundings, tracer, signal }: Trying,
  policy: Policy,
  traced: Traced<Seen> | null,
): Promise<{ readonly succeeded: boolean; readonly seen: Seen | null }> {
  const preparation = await prepareRecorded(store, run, policy, surroundings);
  // Also of a run that is stopped something would be left.
  const begun: { run: string | null } = { run: null };
  try {
    const { run: record, failed } = await runPhases(
      {
        target: run.target,
        isTrial: true,
        reuse: run.reuse,
        options: run.options,
        from: phase,
        until: phase,
        resume: { record: parent, phase },
      },
      {
        store,
        snapshotter: store.snapshotter,
        preparation,
        signal,
        now: Date.now,
        emit: (event) => {
          if (event.event === 'planned') begun.run = event.run;
        },
        ...(traced === null
          ? {}
          : { tracing: { phases: traced.kinds, ldDebug: LD_DEBUG, tracer } }),
      },
    );
    const succeeded = failed === null;
    if (traced === null) return { succeeded, seen: null };
    const snapshot = record.phases.find(({ name }) => name === phase)?.snapshot ?? null;
    const root =
      snapshot === null
        ? null
        : new PhaseRoot(store.snapshotter, snapshot, await preparation.sandbox());
    return { succeeded, seen: await traced.look({ run: record.id, phase }, root) };
  } finally {
    if (begun.run !== null) await clearAway(store, begun.run);
  }
}

/** An attempt is nobody's build: its states and its record go. What it reused of others stays. */
async function clearAway(store: PhaseStore, id: string): Promise<void> {
  const run = await store.run(id);
  const snapshots = [...(run?.phases ?? []).map(({ snapshot }) => snapshot), run?.initial ?? null];
  for (const snapshot of snapshots) {
    const record = snapshot === null ? null : await store.record(snapshot);
    if (record?.run !== id) continue;
    try {
      await store.snapshotter.remove(record.id);
    } catch (error) {
      // Something has come to stand on it: the run has to stay with it.
      if (error instanceof StrataError && error.code === 'in-use') return;
      throw error;
    }
    store.forget(record.id);
  }
  await store.removeRun(id);
}

/** The policy of a run with one thing more; null where there is no such thing to show. */
function withSuspect(policy: Policy, { path, kind, isOutside }: Suspect): Policy | null {
  if (policy.kind === 'off' || !isOutside) return null;
  const before = policy.kind === 'relaxed' ? policy : { binds: [], network: false };
  if (kind === 'network') return { kind: 'relaxed', binds: before.binds, network: true };
  if (path === null || outsideKind(path) === null) return null;
  const bind: HostBind = { source: path, target: path, optional: false, keepLink: false };
  return { kind: 'relaxed', binds: [...before.binds, bind], network: before.network };
}

async function failedPhase(
  store: PhaseStore,
  reference: string,
): Promise<{ readonly run: RunRecord; readonly failed: PhaseRecord }> {
  const run = await findRun(store, reference);
  const operation = `explaining ${reference}`;
  if (run === null) {
    throw new StrataError({
      code: 'not-found',
      operation,
      reason: 'there is no such run',
      advice: 'build something first: strata run; strata ls lists what there is',
    });
  }
  const phase = run.phases.find(({ status }) => status === 'failed');
  const failed =
    phase?.snapshot === undefined || phase.snapshot === null
      ? null
      : await store.record(phase.snapshot);
  if (failed !== null) return { run, failed };
  throw new StrataError({
    code: 'not-found',
    operation,
    reason: phase === undefined ? 'no phase of that run failed' : 'the state it failed in is gone',
    advice: 'name a run whose phase failed, or build it again: strata run',
  });
}

function noBeginning({ phase }: PhaseRecord): StrataError {
  return new StrataError({
    code: 'not-found',
    operation: `running ${phase} again`,
    reason: 'the state it began from is gone',
    advice: 'build it again: strata run',
  });
}

function outsideKind(path: string): 'directory' | 'other' | null {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'other';
  } catch {
    // Whatever keeps us from seeing it keeps a build from it too.
    return null;
  }
}
