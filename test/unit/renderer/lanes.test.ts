import { assert, describe, it } from 'vitest';
import { noWish, type Run, type Wish } from '../../../src-main/protocol/methods.ts';
import { afterEvent, newJob } from '../../../src-renderer/store/job.ts';
import { runsOfTarget } from '../../../src-renderer/store/runs-of-target.ts';
import { blockName, shortName, shortTime } from '../../../src-renderer/timeline/block-text.ts';
import { chromeTrace } from '../../../src-renderer/timeline/chrome-trace.ts';
import { commandLine } from '../../../src-renderer/timeline/command-line.ts';
import { expectedTimes, jobLane, planLane, runLane } from '../../../src-renderer/timeline/lanes.ts';

const wish: Wish = { ...noWish, target: './hello' };

const run: Run = {
  id: 'r1',
  derivation: '/nix/store/a-hello.drv',
  target: '/work/hello/default.nix',
  outputs: {},
  shown: { sandbox: 'strict', binds: [], network: false },
  reuse: 'smart',
  status: 'failed',
  initial: null,
  endsAt: null,
  unconfirmed: false,
  confirmation: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  ms: 1600,
  phases: [
    phase('unpackPhase', { status: 'reused', ms: 300, snapshot: 's0' }),
    phase('buildPhase', { status: 'succeeded', startedAt: 1000, ms: 1500, snapshot: 's1' }),
    phase('installPhase', {
      status: 'failed',
      startedAt: 2500,
      ms: 100,
      exitCode: 2,
      snapshot: 's2',
    }),
    phase('fixupPhase', { status: 'planned' }),
  ],
};

function phase(name: string, change: Partial<Run['phases'][number]>): Run['phases'][number] {
  return {
    name,
    status: 'succeeded',
    why: '',
    snapshot: null,
    startedAt: null,
    traced: [],
    ms: 0,
    exitCode: 0,
    ...change,
  };
}

describe('the name of a block', () => {
  it('begins with the phase and says status and time', () => {
    assert.deepStrictEqual(runLane(run).blocks.map(blockName), [
      'unpackPhase, reused, saved 0.3 s',
      'buildPhase, succeeded, 1.5 s',
      'installPhase, failed, 0.1 s',
      'fixupPhase, not run',
    ]);
  });

  it('says of a plan what would happen and what it saves', () => {
    const plan = {
      derivation: '',
      outputs: {},
      phases: [
        { name: 'buildPhase', action: 'reuse', why: 'unchanged', savedMs: 1500 },
        { name: 'installPhase', action: 'run', why: 'postInstall changed', savedMs: 0 },
        { name: 'distPhase', action: 'skip', why: 'doDist is not set', savedMs: 0 },
      ],
    } as const;
    const lane = planLane(
      { ...plan, phases: [...plan.phases] },
      './hello',
      new Map([['installPhase', 100]]),
    );
    assert.deepStrictEqual(lane.blocks.map(blockName), [
      'buildPhase, to be reused, saves 1.5 s',
      'installPhase, to run, about 0.1 s',
      'distPhase, to be skipped',
    ]);
    assert.deepStrictEqual(lane.blocks.map(shortTime), ['−1.5 s', '~0.1 s', '']);
  });

  it('is short where all names end alike', () => {
    assert.deepStrictEqual(['buildPhase', 'Phase', 'build'].map(shortName), [
      'build',
      'Phase',
      'build',
    ]);
  });
});

describe('a run under way', () => {
  const events = [
    {
      event: 'planned',
      run: 'r2',
      derivation: 'd',
      phases: [
        { name: 'buildPhase', action: 'run', why: 'new', savedMs: 0 },
        { name: 'installPhase', action: 'run', why: 'new', savedMs: 0 },
        { name: 'distPhase', action: 'skip', why: 'doDist is not set', savedMs: 0 },
      ],
    },
    { event: 'phase-started', phase: 'buildPhase', at: 5000 },
  ] as const;
  const job = events.reduce(
    (before, event) =>
      afterEvent(
        before,
        event.event === 'planned' ? { ...event, phases: [...event.phases] } : event,
      ),
    newJob('j', wish, 4000),
  );

  it('grows with the clock', () => {
    const lane = jobLane(job, 5700, new Map([['installPhase', 250]]));
    assert.deepStrictEqual(lane?.blocks.map(blockName), [
      'buildPhase, running, 0.7 s',
      'installPhase, waiting, about 0.3 s',
      'distPhase, to be skipped',
    ]);
    assert.strictEqual(lane?.ms, 1700);
  });

  it('stands still while it waits for a person', () => {
    const held = afterEvent(job, { event: 'held', phase: 'buildPhase', attach: 'a', at: 5400 });
    const lane = jobLane(held, 60_000, new Map());
    assert.deepStrictEqual(
      [lane?.state, lane?.at, lane?.ms, lane?.blocks.map(blockName)[0]],
      ['paused', { phase: 'buildPhase', where: 'at' }, 1400, 'buildPhase, failed, 0.4 s'],
    );
    const again = afterEvent(held, { event: 'resumed', at: 60_000 });
    assert.strictEqual(jobLane(again, 60_300, new Map())?.ms, 1700);
  });

  it('shows what never began when it was stopped', () => {
    const stopped = afterEvent(job, { event: 'stopped', error: null, advice: null });
    assert.deepStrictEqual(
      jobLane(stopped, 9000, new Map())?.blocks.map(({ state }) => state),
      ['stopped', 'not-run', 'not-run'],
    );
  });
});

describe('the runs of a target', () => {
  it('are found however the target was typed', () => {
    for (const target of [
      './hello',
      'hello/',
      '/work/hello',
      '/work/hello/default.nix',
      '../work/hello',
    ]) {
      assert.deepStrictEqual(runsOfTarget([run], target, null, '/work'), [run], target);
    }
    const flake = { ...run, target: '/work/hello#x' };
    for (const target of ['./hello#x', '/work/hello#x']) {
      assert.deepStrictEqual(runsOfTarget([flake], target, null, '/work'), [flake], target);
    }
    assert.deepStrictEqual(runsOfTarget([flake], '.#x', null, '/work/hello'), [flake]);
    assert.deepStrictEqual(runsOfTarget([flake], '.', 'x', '/work/hello'), [flake]);
    assert.deepStrictEqual(runsOfTarget([run], './other', null, '/work'), []);
    assert.deepStrictEqual(runsOfTarget([run], './hello', 'x', '/work'), []);
  });

  it('tell what each phase takes', () => {
    assert.deepStrictEqual(expectedTimes([run]), new Map([['buildPhase', 1500]]));
  });
});

describe('a Chrome trace', () => {
  it('has an event for each phase, in microseconds', () => {
    const { traceEvents } = chromeTrace([runLane(run)]);
    assert.deepStrictEqual(
      traceEvents
        .filter(({ ph }) => ph === 'X')
        .map(({ name, ts, dur, cat }) => [name, ts, dur, cat]),
      [
        ['unpackPhase', 1_767_225_600_000_000, 0, 'reused'],
        ['buildPhase', 1_000_000, 1_500_000, 'succeeded'],
        ['installPhase', 2_500_000, 100_000, 'failed'],
      ],
    );
    assert.deepStrictEqual(
      traceEvents.filter(({ ph }) => ph === 'M').map(({ name }) => name),
      ['process_name', 'process_sort_index', 'thread_name'],
    );
  });
});

describe('the command line of a wish', () => {
  it('names only what differs from the defaults', () => {
    assert.strictEqual(commandLine(wish), 'strata run ./hello');
  });

  it('is quoted for a shell', () => {
    const full: Wish = {
      ...wish,
      target: "my dir/it's.nix",
      attribute: 'a.b',
      from: 'installPhase',
      reuse: 'force',
      sandbox: 'relaxed',
      binds: ['/run/x=/y'],
      network: true,
      set: [['doCheck', '']],
      args: [['n', '1 + 1']],
      hold: true,
    };
    assert.strictEqual(
      commandLine(full),
      "strata run 'my dir/it'\\''s.nix' -A a.b --from installPhase --reuse force --sandbox relaxed " +
        "--bind /run/x=/y --network --set doCheck= --arg n '1 + 1' --hold",
    );
  });
});
