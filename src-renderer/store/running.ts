/** Starting, following and stopping runs. */
import type { Wish } from '../../src-main/protocol/methods.ts';
import { callEngine, listenEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { afterEvent, isLive, newJob, useJob, useLogGrowth, type Job } from './job.ts';
import { askBeforeLeaving, endsWithWindow } from './leaving.ts';
import { lead, leadFromHere } from './led-selection.ts';
import { showNixBuilds } from './nix-builds.ts';
import { notify } from './notices.ts';
import { refreshPlan, shownPlan, usePlan } from './plan.ts';
import { refreshRuns } from './runs.ts';
import { openTarget, useWish, withBreaksAt } from './wish.ts';

/** Between two changes on screen (milliseconds): two frames. */
const PAINT_MS = 32;

let following: AbortController | null = null;

// A run goes on without the window, but one that waits for an answer would wait for ever: it ends with the engine.
askBeforeLeaving(() => {
  const { job } = useJob.getState();
  return endsWithWindow() && isLive(job) && (job.paused !== null || job.held !== null);
});

/** What comes before a run: the editor writes what is not saved yet. False keeps the run from starting. */
type Preparation = () => Promise<boolean>;
const preparations = new Set<Preparation>();

/** Adds what is to be done before each run. */
export function beforeRun(prepare: Preparation): void {
  preparations.add(prepare);
}

/** Runs what the run bar says, with these changes for this once. */
export async function run(once: Partial<Wish> = {}): Promise<void> {
  const plan = shownPlan(usePlan.getState().state);
  const wanted = { ...useWish.getState().wish, ...once };
  const wish =
    plan === null
      ? wanted
      : withBreaksAt(
          wanted,
          plan.phases.map(({ name }) => name),
        );
  if (wish.target === '' || useJob.getState().starting || isLive(useJob.getState().job)) return;
  useJob.setState({ starting: true });
  try {
    for (const prepare of preparations) if (!(await prepare())) return;
    const { job } = await callEngine('start', { wish });
    leadFromHere();
    showNixBuilds(false);
    void follow(newJob(job, wish, Date.now()));
  } catch (error) {
    notify(errorParts(error));
  } finally {
    useJob.setState({ starting: false });
  }
}

/** What the key of Run does: a run at a breakpoint goes on, otherwise one begins. */
export async function runOrContinue(): Promise<void> {
  const { job } = useJob.getState();
  await (isLive(job) && job.paused !== null ? answerPaused('continue') : run());
}

/** Stops the run that goes on. What failed in doing so is shown. */
export async function stop(): Promise<void> {
  const { job } = useJob.getState();
  if (!isLive(job)) return;
  try {
    await callEngine('stop', { job: job.id });
  } catch (error) {
    notify(errorParts(error));
  }
}

/** What is to become of a failed phase whose sandbox waits. */
export async function answerHeld(answer: 'continue' | 'end'): Promise<void> {
  const { job } = useJob.getState();
  if (!isLive(job)) return;
  try {
    await callEngine('answerHeld', { job: job.id, answer });
  } catch (error) {
    notify(errorParts(error));
  }
}

/** What is to become of a run at a breakpoint. */
export async function answerPaused(answer: 'continue' | 'end'): Promise<void> {
  const { job } = useJob.getState();
  if (!isLive(job) || job.paused === null) return;
  try {
    await callEngine('answerPaused', { job: job.id, answer });
  } catch (error) {
    notify(errorParts(error));
  }
}

/** After a connection: takes up the job that goes on in the engine, if there is one. */
export async function takeUpJob(): Promise<void> {
  try {
    const jobs = await callEngine('jobs', {});
    const shown = useJob.getState().job;
    const again = jobs.find(({ live }) => live) ?? jobs.find(({ job }) => job === shown?.id);
    if (again !== undefined) {
      // A window opened anew during a build shows that build.
      if (again.live && useWish.getState().wish.target === '') {
        openTarget(again.wish.target, again.wish.attribute);
      }
      void follow(newJob(again.job, again.wish, again.startedAt));
    }
    // An engine that has restarted knows nothing of the job that was on screen.
    else endLostJob();
  } catch (error) {
    if (!isCancelled(error)) notify(errorParts(error));
  }
}

/** The engine has gone, and with it what ran in it. A job that goes on after all is taken up again with the connection. */
export function endLostJob(): void {
  const { job } = useJob.getState();
  if (!isLive(job)) return;
  useJob.setState({
    job: {
      ...job,
      held: null,
      end: {
        kind: 'stopped',
        error: 'the engine ended while this run was going on',
        advice: 'What was finished is kept: run again to go on from there.',
      },
    },
  });
}

let refreshing: ReturnType<typeof setTimeout> | undefined;

/** The states that phases leave have names in the runs; many short phases are one reading. */
function refreshSoon(): void {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => void refreshRuns(), 400);
}

/** Shows a job from its first event on: the stream tells what has happened so far and then what happens. */
async function follow(begun: Job): Promise<void> {
  following?.abort();
  const controller = new AbortController();
  following = controller;
  const { signal } = controller;
  let job = begun;
  let painting: ReturnType<typeof setTimeout> | undefined;
  /** Where the selection is to go, if anywhere, with the next change on screen. */
  let reached: { readonly phase: string; readonly snapshot: string | null } | null = null;
  let lines: Record<string, number> = {};
  // Events that come in a burst, as those of the past do, are one change on screen.
  const paint = () => {
    painting = undefined;
    if (signal.aborted) return;
    useJob.setState({ job });
    if (reached !== null) leadTo(job, reached.phase, reached.snapshot);
    reached = null;
    useLogGrowth.setState({ run: job.run, lines: { ...lines } });
  };
  const paintSoon = () => {
    painting ??= setTimeout(paint, PAINT_MS);
  };
  paint();
  try {
    await listenEngine(
      'job',
      { job: begun.id },
      (event) => {
        job = afterEvent(job, event);
        if (event.event === 'log-grew') lines[event.phase] = event.lines;
        if (event.event === 'planned') lines = {};
        if (event.event === 'phase-started') reached = { phase: event.phase, snapshot: null };
        if (event.event === 'phase-finished' && event.status !== 'skipped') {
          reached = { phase: event.phase, snapshot: event.snapshot };
        }
        // What was built can be looked at while it waits.
        if (event.event === 'paused') void refreshRuns();
        if (event.event === 'phase-finished') refreshSoon();
        paintSoon();
      },
      signal,
    );
  } catch (error) {
    // A lost connection is shown elsewhere; the job is taken up again after it.
    const parts = errorParts(error);
    if (!isCancelled(error) && parts.code !== 'disconnected') notify(parts);
    if (parts.code === 'disconnected') return;
  } finally {
    clearTimeout(painting);
    paint();
  }
  if (signal.aborted) return;
  await refreshRuns();
  refreshPlan();
}

/** While a run goes, the selection goes with it; a run of another target than the one on screen goes on behind it. */
function leadTo({ run: id, wish }: Job, phase: string, snapshot: string | null): void {
  const { target, attribute } = useWish.getState().wish;
  if (id === null || wish.target !== target || wish.attribute !== attribute) return;
  lead(id, phase, snapshot);
}
