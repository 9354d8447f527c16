/** The run that is under way, or the one that ended last: what its events come to. */
import { create } from 'zustand';
import type { JobEvent, PhaseRunView, Wish } from '../../src-main/protocol/methods.ts';

/** A phase as the timeline shows it; of one that waits, `ms` is 0. */
export type LivePhase = PhaseRunView & {
  /** What was planned for it. */
  readonly action: 'run' | 'reuse' | 'skip';
  /** What reusing it saves. */
  readonly savedMs: number;
};

export type JobEnd =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly complaint: string | null }
  | { readonly kind: 'stopped'; readonly error: string | null; readonly advice: string | null };

export interface Held {
  readonly phase: string;
  /** The command that enters the sandbox. */
  readonly attach: string;
  /** Since when (milliseconds since 1970). */
  readonly at: number;
}

export interface Paused {
  readonly phase: string;
  readonly where: 'before' | 'after';
  readonly snapshot: string | null;
  /** Since when (milliseconds since 1970). */
  readonly at: number;
}

export interface Job {
  readonly id: string;
  readonly wish: Wish;
  /** When it was asked for (milliseconds since 1970). */
  readonly since: number;
  /** Known once it is planned. */
  readonly run: string | null;
  readonly derivation: string | null;
  /** What is going on before and between phases: evaluation, inputs. */
  readonly stage: string | null;
  readonly phases: readonly LivePhase[];
  /** The sandbox of a failed phase that waits for an answer. */
  readonly held: Held | null;
  /** Where it waits at a breakpoint. */
  readonly paused: Paused | null;
  /** What it has waited at breakpoints and held failures that are past (milliseconds). */
  readonly waitedMs: number;
  readonly end: JobEnd | null;
  readonly ms: number;
}

export interface JobState {
  readonly job: Job | null;
  /** A run was asked for and has no id yet. */
  readonly starting: boolean;
}

/** The run on screen that goes on, or was the last to. */
export const useJob = create<JobState>()(() => ({ job: null, starting: false }));

/** Lines in each phase's log so far, by phase name, of the job in {@link useJob}. Apart: it changes many times a second. */
export const useLogGrowth = create<{
  readonly run: string | null;
  readonly lines: Readonly<Record<string, number>>;
}>()(() => ({ run: null, lines: {} }));

/** A job of which nothing is known yet but that it was asked for at `since` (milliseconds since 1970). */
export function newJob(id: string, wish: Wish, since: number): Job {
  return {
    id,
    wish,
    since,
    run: null,
    derivation: null,
    stage: null,
    phases: [],
    held: null,
    paused: null,
    waitedMs: 0,
    end: null,
    ms: 0,
  };
}

/** How long it has been at work, waiting for a person not counted (milliseconds). */
export function workedMs({ since, paused, held, waitedMs }: Job, now: number): number {
  return Math.max(0, (paused?.at ?? held?.at ?? now) - since - waitedMs);
}

/** Whether it has not come to its end: it may wait at a breakpoint or a failure. */
export function isLive(job: Job | null): job is Job {
  return job !== null && job.end === null;
}

/** The job after an event. Growth of logs is no part of it. */
export function afterEvent(job: Job, event: JobEvent): Job {
  switch (event.event) {
    case 'stage':
      return { ...job, stage: event.text };
    case 'planned':
      return {
        ...job,
        run: event.run,
        derivation: event.derivation,
        stage: null,
        phases: event.phases.map(({ name, action, why, savedMs }) => ({
          name,
          action,
          status: 'planned',
          why,
          snapshot: null,
          startedAt: null,
          traced: [],
          ms: 0,
          exitCode: 0,
          savedMs,
        })),
      };
    case 'phase-started':
      return withPhase({ ...job, stage: null }, event.phase, {
        status: 'running',
        startedAt: event.at,
      });
    case 'log-grew':
      return job;
    case 'phase-finished':
      return withPhase({ ...job, held: null }, event.phase, {
        status: event.status,
        snapshot: event.snapshot,
        ms: event.ms,
        exitCode: event.exitCode,
      });
    case 'paused': {
      const { phase, where, snapshot, at } = event;
      return { ...job, stage: null, paused: { phase, where, snapshot, at } };
    }
    case 'resumed': {
      const since = job.paused?.at ?? job.held?.at ?? event.at;
      return { ...job, paused: null, held: null, waitedMs: job.waitedMs + event.at - since };
    }
    case 'held':
      return { ...job, held: { phase: event.phase, attach: event.attach, at: event.at } };
    case 'finished':
      return {
        ...job,
        stage: null,
        held: null,
        paused: null,
        ms: event.ms,
        end:
          event.status === 'succeeded'
            ? { kind: 'succeeded' }
            : { kind: 'failed', complaint: event.complaint },
      };
    case 'stopped':
      return {
        ...job,
        stage: null,
        held: null,
        paused: null,
        end: { kind: 'stopped', error: event.error, advice: event.advice },
      };
  }
}

function withPhase(job: Job, name: string, change: Partial<LivePhase>): Job {
  return {
    ...job,
    phases: job.phases.map((phase) => (phase.name === name ? { ...phase, ...change } : phase)),
  };
}
