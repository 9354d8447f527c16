/** Runs that others carry out, in a terminal or another window: nothing of them is pushed to this one. */
import type { Run } from '../../src-main/protocol/methods.ts';
import { isLive, useJob, type Job } from './job.ts';
import { refreshPlan } from './plan.ts';
import { refreshRuns, useRuns } from './runs.ts';

/** Slow enough to cost nothing, quick enough to see phases go by (milliseconds). */
const EVERY_MS = 2000;

/** Reads the runs again from time to time while one of others goes on and somebody looks at the page. */
export function followForeignRuns(
  page: Pick<Document, 'visibilityState' | 'addEventListener'>,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let goesOn = false;
  const planNext = (): void => {
    clearTimeout(timer);
    const before = goesOn;
    goesOn = hasForeignRun(useRuns.getState().runs, useJob.getState().job);
    // What it has built can be reused.
    if (before && !goesOn) refreshPlan();
    if (goesOn && page.visibilityState === 'visible') {
      timer = setTimeout(() => void refreshRuns(), EVERY_MS);
    }
  };
  useRuns.subscribe(planNext);
  page.addEventListener('visibilitychange', planNext);
}

/** Whether a run goes on that is not the window's own. */
function hasForeignRun(runs: readonly Run[], job: Job | null): boolean {
  const own = isLive(job) ? job.run : null;
  return runs.some(({ id, status }) => status === 'running' && id !== own);
}
