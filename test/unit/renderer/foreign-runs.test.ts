// Runs that go on in a terminal or another window.
import { afterEach, assert, beforeEach, describe, it, vi } from 'vitest';
import { noWish, type Run } from '../../../src-main/protocol/methods.ts';
import { followForeignRuns } from '../../../src-renderer/store/foreign-runs.ts';
import { newJob, useJob } from '../../../src-renderer/store/job.ts';
import { useRuns } from '../../../src-renderer/store/runs.ts';
import { blockName } from '../../../src-renderer/timeline/block-text.ts';
import { runLane } from '../../../src-renderer/timeline/lanes.ts';

const phase = { why: '', snapshot: null, startedAt: null, exitCode: 0, traced: [] };
const foreign: Run = {
  id: 'r9',
  derivation: '/nix/store/a-hello.drv',
  target: '/work/hello/default.nix',
  outputs: {},
  shown: { sandbox: 'strict', binds: [], network: false },
  reuse: 'smart',
  status: 'running',
  initial: null,
  endsAt: null,
  unconfirmed: false,
  confirmation: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  ms: 2000,
  phases: [
    { ...phase, name: 'unpackPhase', status: 'reused', ms: 300 },
    { ...phase, name: 'buildPhase', status: 'succeeded', ms: 1500 },
    { ...phase, name: 'installPhase', status: 'running', ms: 0 },
    { ...phase, name: 'fixupPhase', status: 'planned', ms: 0 },
  ],
};

const asked: string[] = [];
let answer: readonly Run[] = [];
vi.mock('../../../src-renderer/connection/connection.ts', () => ({
  callEngine: (name: string) => {
    asked.push(name);
    return Promise.resolve(name === 'runs' ? answer : []);
  },
}));

describe('a run of others', () => {
  it('is shown as going on', () => {
    const lane = runLane(foreign);
    assert.strictEqual(lane.state, 'running');
    assert.deepStrictEqual(lane.blocks.map(blockName), [
      'unpackPhase, reused, saved 0.3 s',
      'buildPhase, succeeded, 1.5 s',
      'installPhase, running, 0.5 s',
      'fixupPhase, waiting',
    ]);
  });

  it('that was cut short is shown as such', () => {
    const lane = runLane({ ...foreign, status: 'cancelled' });
    assert.strictEqual(lane.state, 'cancelled');
    assert.deepStrictEqual(
      lane.blocks.map(({ state }) => state),
      ['reused', 'succeeded', 'stopped', 'not-run'],
    );
  });
});

describe('runs of others', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    asked.length = 0;
  });
  afterEach(() => vi.useRealTimers());

  it('are read again while one goes on and the page is seen', async () => {
    let visibilityState: DocumentVisibilityState = 'visible';
    const page = {
      get visibilityState() {
        return visibilityState;
      },
      addEventListener: () => undefined,
    };
    followForeignRuns(page);
    const askedWithin = async (ms: number) => {
      asked.length = 0;
      await vi.advanceTimersByTimeAsync(ms);
      return asked.filter((name) => name === 'runs').length;
    };

    answer = [foreign];
    useRuns.setState({ known: true, runs: answer });
    assert.strictEqual(await askedWithin(5000), 2);
    visibilityState = 'hidden';
    await askedWithin(2000);
    assert.strictEqual(await askedWithin(5000), 0);

    visibilityState = 'visible';
    answer = [{ ...foreign, status: 'succeeded' }];
    useRuns.setState({ runs: [foreign] });
    assert.strictEqual(await askedWithin(10_000), 1);

    // The window's own run tells of itself.
    useJob.setState({ job: { ...newJob('j', noWish, 0), run: 'r9' } });
    useRuns.setState({ runs: [foreign] });
    assert.strictEqual(await askedWithin(5000), 0);
  });
});
