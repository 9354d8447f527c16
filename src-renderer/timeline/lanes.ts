/** The lanes of the timeline, from what the stores know: the plan or the live run on top, then earlier runs. */
import type { PhaseRunView, Run } from '../../src-main/protocol/methods.ts';
import { workedMs, type Job, type LivePhase } from '../store/job.ts';
import type { Plan } from '../store/plan.ts';

export type BlockState =
  | 'will-run'
  | 'will-reuse'
  | 'will-skip'
  | 'waiting'
  | 'running'
  | 'succeeded'
  | 'failed'
  /** It ran when the run was stopped. */
  | 'stopped'
  | 'reused'
  | 'skipped'
  /** The run ended before it. */
  | 'not-run';

export interface Block {
  readonly phase: string;
  readonly state: BlockState;
  readonly why: string;
  /** How long it took; for one that runs, so far; for one that is to come, what it took the last time, or 0. */
  readonly ms: number;
  /** What reusing it saves or saved; 0 where nothing. */
  readonly savedMs: number;
  readonly startedAt: number | null;
  readonly snapshot: string | null;
  readonly exitCode: number;
}

export type LaneState =
  | 'plan'
  | 'running'
  /** At a breakpoint, or at a failure that is held. */
  | 'paused'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'error';

/** A place between two phases, or the failure of one. */
export interface Place {
  readonly phase: string;
  readonly where: 'before' | 'after' | 'at';
}

export interface Lane {
  /** The run's id; `plan` for what would run. */
  readonly id: string;
  readonly run: string | null;
  readonly state: LaneState;
  readonly target: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number | null;
  readonly ms: number;
  readonly unconfirmed: boolean;
  /** Where it waits for a person, or has ended early; null where it does not. */
  readonly at: Place | null;
  readonly blocks: readonly Block[];
}

/** The lane of what would run; `times` as of {@link expectedTimes}. */
export function planLane(plan: Plan, target: string, times: ReadonlyMap<string, number>): Lane {
  const blocks = plan.phases.map(({ name, action, why, savedMs }): Block => {
    const state = { run: 'will-run', reuse: 'will-reuse', skip: 'will-skip' } as const;
    const ms = action === 'run' ? (times.get(name) ?? 0) : 0;
    return { ...untouched, phase: name, state: state[action], why, ms, savedMs };
  });
  return {
    id: 'plan',
    run: null,
    state: 'plan',
    target,
    createdAt: null,
    ms: sum(blocks.map(({ ms }) => ms)),
    unconfirmed: false,
    at: null,
    blocks,
  };
}

/** The lane of a run under way, or of one that has just ended; null before it is planned. */
export function jobLane(job: Job, now: number, times: ReadonlyMap<string, number>): Lane | null {
  if (job.run === null) return null;
  const blocks = job.phases.map((phase): Block => {
    const { status } = phase;
    switch (status) {
      case 'planned':
        return job.end === null ? comingBlock(phase, times) : blockOf(phase, 'not-run', 0);
      case 'running':
        if (job.held?.phase === phase.name) return heldBlock(phase, job.held.at);
        return {
          ...blockOf(phase, job.end === null ? 'running' : 'stopped', 0),
          ms: Math.max(0, now - (phase.startedAt ?? now)),
        };
      case 'succeeded':
      case 'failed':
      case 'reused':
      case 'skipped':
        return blockOf(phase, status, phase.savedMs);
    }
  });
  return {
    id: job.run,
    run: job.run,
    state: laneState(job),
    target: job.wish.target,
    createdAt: job.since,
    ms: job.end === null ? workedMs(job, now) : job.ms,
    at: job.held === null ? job.paused : { phase: job.held.phase, where: 'at' },
    unconfirmed: false,
    blocks,
  };
}

/** The lane of a run of the cache. */
export function runLane(run: Run): Lane {
  return {
    id: run.id,
    run: run.id,
    // The engine calls running only what still goes on, here or in a terminal or another window.
    state: run.status,
    target: run.target,
    createdAt: Date.parse(run.createdAt),
    ms: run.ms,
    unconfirmed: run.unconfirmed,
    at: run.endsAt,
    blocks: run.phases.map((phase) => {
      const state = pastState(phase, run.status);
      const block = blockOf(phase, state, 0);
      return state === 'running' ? { ...block, ms: msOfRunning(run) } : block;
    }),
  };
}

/** The record of a phase has its time once it has ended: until then it is what the run took beyond the others. */
function msOfRunning({ ms, phases }: Run): number {
  const ended = phases.filter(({ status }) => status === 'succeeded' || status === 'failed');
  return Math.max(0, ms - sum(ended.map((phase) => phase.ms)));
}

/** What each phase took when it last ran to its end, the newest run first. */
export function expectedTimes(runs: readonly Run[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const run of runs) {
    for (const { name, status, ms } of run.phases) {
      if (status === 'succeeded' && !times.has(name)) times.set(name, ms);
    }
  }
  return times;
}

const untouched = { startedAt: null, snapshot: null, exitCode: 0 } as const;

function blockOf(phase: PhaseRunView, state: BlockState, savedMs: number): Block {
  const { name, why, ms, startedAt, snapshot, exitCode } = phase;
  const ran = state === 'succeeded' || state === 'failed' || state === 'stopped';
  return {
    phase: name,
    state,
    why,
    ms: ran ? ms : 0,
    savedMs: state === 'reused' ? Math.max(savedMs, ms) : savedMs,
    startedAt,
    snapshot,
    exitCode,
  };
}

/** One whose turn is to come, as far as it is known. */
function comingBlock(phase: LivePhase, times: ReadonlyMap<string, number>): Block {
  const state = ({ run: 'waiting', reuse: 'will-reuse', skip: 'will-skip' } as const)[phase.action];
  const ms = state === 'waiting' ? (times.get(phase.name) ?? 0) : 0;
  return { ...blockOf(phase, state, phase.savedMs), ms };
}

/** One that has failed and waits with its processes; `at` is when it did. */
function heldBlock(phase: LivePhase, at: number): Block {
  return { ...blockOf(phase, 'failed', 0), ms: Math.max(0, at - (phase.startedAt ?? at)) };
}

function pastState({ status, snapshot, exitCode }: PhaseRunView, run: Run['status']): BlockState {
  if (run === 'running') return status === 'planned' ? 'waiting' : status;
  if (status === 'planned') return 'not-run';
  // The record of a run that was cut short still says what was going on.
  if (status === 'running') return 'stopped';
  const wasStopped = status === 'failed' && (run === 'cancelled' || run === 'error');
  return wasStopped && snapshot === null && exitCode === 0 ? 'stopped' : status;
}

function laneState({ end, paused, held }: Job): LaneState {
  if (end === null) return paused === null && held === null ? 'running' : 'paused';
  return end.kind === 'stopped' ? 'cancelled' : end.kind;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
