/** A target that is opened shows its newest run: where it was left, with the state and the log of the last phase. */
import type { PhaseRunView } from '../../src-main/protocol/methods.ts';
import { useConnection } from './connection.ts';
import { lead } from './led-selection.ts';
import { refreshRuns, useRuns } from './runs.ts';
import { runsOfTarget } from './runs-of-target.ts';
import { useWish } from './wish.ts';

/** Shows the newest run of each target that is opened from now on, once the engine has said which that is. */
export function showNewestRuns(): void {
  let isAwaited = false;
  useWish.subscribe(({ opened }, before) => {
    if (opened === before.opened) return;
    isAwaited = true;
    // Runs of the command line are not pushed to us.
    void refreshRuns();
  });
  useRuns.subscribe(({ runs }, before) => {
    if (!isAwaited || runs === before.runs) return;
    isAwaited = false;
    const { target, attribute } = useWish.getState().wish;
    const directory = useConnection.getState().hello?.directory ?? '/';
    const [newest] = runsOfTarget(runs, target, attribute, directory);
    const last = newest === undefined ? undefined : lastReached(newest.phases);
    if (newest !== undefined && last !== undefined) lead(newest.id, last.name, last.snapshot);
  });
}

/** The phase a run came to: the one that runs or has failed, else the last that left a state. */
export function lastReached(phases: readonly PhaseRunView[]): PhaseRunView | undefined {
  return (
    phases.find(({ status }) => status === 'running' || status === 'failed') ??
    phases.findLast(({ snapshot }) => snapshot !== null) ??
    phases[0]
  );
}
