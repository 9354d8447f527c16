// Breakpoints in the window: the store, the phase's menu and name, and what the events of a job come to.
import { beforeEach, describe, expect, it } from 'vitest';
import { afterEvent, newJob, workedMs } from '../../../src-renderer/store/job.ts';
import {
  hasBreak,
  openTarget,
  toggleBreak,
  useWish,
  withBreaksAt,
} from '../../../src-renderer/store/wish.ts';
import { breaksOf, markedName } from '../../../src-renderer/timeline/block-text.ts';
import type { Block, Lane } from '../../../src-renderer/timeline/lanes.ts';
import { phaseActions } from '../../../src-renderer/timeline/phase-actions.tsx';

const block: Block = {
  phase: 'installPhase',
  state: 'succeeded',
  ms: 100,
  savedMs: 0,
  snapshot: 'abc',
  startedAt: 1,
  exitCode: 0,
  why: '',
};
const lane: Lane = {
  id: 'run',
  run: 'run',
  target: '/hello',
  state: 'succeeded',
  unconfirmed: false,
  createdAt: null,
  ms: 100,
  at: null,
  blocks: [block],
};

const storage = new Map<string, string>();
beforeEach(() => {
  storage.clear();
  Object.assign(globalThis, {
    localStorage: {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => storage.set(key, value),
    },
  });
  openTarget('/hello');
});

const checks = () =>
  phaseActions({ lane, block }, [lane]).flatMap((entry) => (entry.kind === 'check' ? [entry] : []));

describe('breakpoints', () => {
  it('are set and taken away in the menu of a phase', () => {
    expect(checks().map(({ label, checked }) => [label, checked])).toStrictEqual([
      ['Break before', false],
      ['Break after', false],
    ]);
    checks()[0]?.act();
    expect(checks().map(({ checked }) => checked)).toStrictEqual([true, false]);
    checks()[0]?.act();
    expect(checks().map(({ checked }) => checked)).toStrictEqual([false, false]);
  });

  it('are remembered for each target', () => {
    toggleBreak('after', 'buildPhase');
    openTarget('/other');
    expect(useWish.getState().wish.breakAfter).toStrictEqual([]);
    openTarget('/hello');
    expect(hasBreak(useWish.getState().wish, 'after', 'buildPhase')).toBe(true);
    expect(hasBreak(useWish.getState().wish, 'before', 'buildPhase')).toBe(false);
  });

  it('leave alone the settings that a window without them stored', () => {
    toggleBreak('after', 'buildPhase');
    const old = Object.fromEntries(
      Object.entries(useWish.getState().wish).filter(([name]) => !name.startsWith('break')),
    );
    storage.set('strata.wishes', JSON.stringify({ '/hello ': { ...old, reuse: 'force' } }));
    openTarget('/hello');
    const { reuse, ...now } = useWish.getState().wish;
    expect([reuse, now.breakBefore, now.breakAfter]).toStrictEqual(['force', [], []]);
  });

  it('at phases that are no more stop no run', () => {
    toggleBreak('before', 'gonePhase');
    toggleBreak('before', 'installPhase');
    const { breakBefore } = withBreaksAt(useWish.getState().wish, ['installPhase']);
    expect(breakBefore).toStrictEqual(['installPhase']);
  });

  it('are part of the name of a block', () => {
    expect(markedName(block, breaksOf(false, false))).toBe('installPhase, succeeded, 0.1 s');
    expect(markedName(block, breaksOf(true, true))).toBe(
      'installPhase, succeeded, 0.1 s, breakpoints before and after',
    );
  });

  it('pause a job until it goes on', () => {
    const job = newJob('j', useWish.getState().wish, 0);
    const at = { phase: 'installPhase', where: 'before', snapshot: 'abc', at: 500 } as const;
    const paused = afterEvent(job, { event: 'paused', ...at });
    expect(paused.paused).toStrictEqual(at);
    const again = afterEvent(paused, { event: 'resumed', at: 2500 });
    expect([again.paused, workedMs(paused, 9000), workedMs(again, 3000)]).toStrictEqual([
      null,
      500,
      1000,
    ]);
    expect(afterEvent(paused, { event: 'stopped', error: null, advice: null }).paused).toBeNull();
  });
});
