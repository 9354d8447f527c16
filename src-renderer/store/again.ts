/** Running a phase of an earlier run again: under the sandbox that it had then, whatever is wished for now. */
import type { Wish } from '../../src-main/protocol/methods.ts';
import { useRuns } from './runs.ts';
import { useWish } from './wish.ts';

type Shown = Pick<Wish, 'sandbox' | 'binds' | 'network'>;

/** What the sandbox of a run showed; that of the wish where the run is not known any more. */
export function shownIn(run: string): Shown {
  const ran = useRuns.getState().runs.find(({ id }) => id === run);
  return ran?.shown ?? useWish.getState().wish;
}

/** A run of this phase alone, or with null of all of them. */
export function again(run: string, phase: string | null): Partial<Wish> {
  const { sandbox, binds, network } = shownIn(run);
  const shown = { sandbox, binds, network };
  if (phase === null) return shown;
  const from = isAsWished(shown) ? phase : beginningOf(run, phase);
  return { ...shown, from, until: phase };
}

/**
 * The state before a phase, as `--from` names it: under another sandbox the phases before it would all run again.
 */
export function beginningOf(run: string, phase: string): string {
  const { runs, snapshots } = useRuns.getState();
  const ran = runs.find(({ id }) => id === run)?.phases.find(({ name }) => name === phase);
  const parent = snapshots.find(({ id }) => id === ran?.snapshot)?.parent ?? null;
  return parent === null ? phase : `${parent}:${phase}`;
}

function isAsWished({ sandbox, binds, network }: Shown): boolean {
  const { wish } = useWish.getState();
  return (
    wish.sandbox === sandbox &&
    wish.network === network &&
    wish.binds.length === binds.length &&
    wish.binds.every((bind, at) => bind === binds[at])
  );
}
