// What a job that is followed does to the window: the events of its past come in one burst.
import { assert, beforeEach, describe, it, vi } from 'vitest';
import { noWish, type JobEvent } from '../../../src-main/protocol/methods.ts';
import { useJob } from '../../../src-renderer/store/job.ts';
import { takeUpJob } from '../../../src-renderer/store/running.ts';
import { clearSelection, useSelection } from '../../../src-renderer/store/selection.ts';
import { useWish } from '../../../src-renderer/store/wish.ts';

const wish = { ...noWish, target: '/hello' };
const phases = ['unpackPhase', 'buildPhase', 'installPhase'];
const past: readonly JobEvent[] = [
  {
    event: 'planned',
    run: 'r1',
    derivation: '/nix/store/x.drv',
    phases: phases.map((name) => ({ name, action: 'run', why: '', savedMs: 0 })),
  },
  ...phases.slice(0, 2).flatMap((phase): readonly JobEvent[] => [
    { event: 'phase-started', phase, at: 1 },
    {
      event: 'phase-finished',
      phase,
      status: 'succeeded',
      snapshot: `s-${phase}`,
      ms: 1,
      exitCode: 0,
    },
  ]),
  { event: 'phase-started', phase: 'installPhase', at: 2 },
];

vi.mock('../../../src-renderer/connection/connection.ts', () => ({
  callEngine: (name: string) =>
    Promise.resolve(
      name === 'jobs' ? [{ job: 'j1', wish, run: 'r1', live: true, startedAt: 0 }] : [],
    ),
  listenEngine: (_: string, __: unknown, onItem: (event: JobEvent) => void) => {
    past.forEach(onItem);
    return new Promise(() => undefined);
  },
}));

beforeEach(() => {
  useWish.setState({ wish });
  clearSelection();
});

describe('a job taken up again', () => {
  it('is selected where it has come to, not phase by phase', async () => {
    const selected: (string | null)[] = [];
    const stop = useSelection.subscribe(({ phase }) => selected.push(phase));
    await takeUpJob();
    await vi.waitFor(() => assert.strictEqual(useJob.getState().job?.run, 'r1'));
    stop();
    assert.deepStrictEqual(selected, ['installPhase']);
  });
});
