/** The lanes as the stores have them now; renders again four times a second while a run goes. */
import { useEffect, useMemo, useState } from 'react';
import { useConnection } from '../store/connection.ts';
import { isLive, useJob } from '../store/job.ts';
import { shownPlan, usePlan } from '../store/plan.ts';
import { useRuns } from '../store/runs.ts';
import { runsOfTarget } from '../store/runs-of-target.ts';
import { useWish } from '../store/wish.ts';
import { expectedTimes, jobLane, planLane, runLane, type Lane } from './lanes.ts';

/** Whose runs are shown: those of the target in the run bar, or all. */
export type Whose = 'target' | 'all';

const TICK_MS = 250;
const most = 40;

export function useLanes(whose: Whose): readonly Lane[] {
  const { wish } = useWish();
  const plan = shownPlan(usePlan(({ state }) => state));
  const { job } = useJob();
  const { runs } = useRuns();
  const directory = useConnection(({ hello }) => hello?.directory ?? '/');
  const connected = useConnection(({ state }) => state === 'connected');
  const live = isLive(job);
  const now = useNow(live);
  const ofTarget = useMemo(
    () => runsOfTarget(runs, wish.target, wish.attribute, directory),
    [runs, wish.target, wish.attribute, directory],
  );
  const times = useMemo(() => expectedTimes(ofTarget), [ofTarget]);
  const past = useMemo(
    () => (whose === 'all' ? runs : ofTarget).slice(0, most).map(runLane),
    [whose, runs, ofTarget],
  );
  const planned = useMemo(
    () => (plan === null ? null : planLane(plan, wish.target, times)),
    [plan, wish.target, times],
  );
  return useMemo(() => {
    const current = job === null ? null : jobLane(job, now, times);
    const known = past.find(({ id }) => id === current?.id);
    const ours =
      // Without an engine nobody knows which runs are kept, nor what would run next.
      current === null || (connected && !live && known === undefined)
        ? null
        : { ...current, createdAt: known?.createdAt ?? current.createdAt };
    return [
      ...(live || !connected || planned === null ? [] : [planned]),
      ...(ours === null
        ? []
        : [
            live
              ? ours
              : {
                  ...ours,
                  ms: known?.ms ?? ours.ms,
                  unconfirmed: known?.unconfirmed ?? false,
                  at: known?.at ?? null,
                },
          ]),
      ...past.filter(({ id }) => id !== ours?.id),
    ];
  }, [job, live, connected, now, past, planned, times]);
}

function useNow(ticking: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!ticking) return undefined;
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
