/** How a run's end is told to those who do not see the timeline. */
import { expect, test } from 'vitest';
import { noWish } from '../../../src-main/protocol/methods.ts';
import { endWords } from '../../../src-renderer/layout/run-end.tsx';
import { afterEvent, newJob } from '../../../src-renderer/store/job.ts';

const job = newJob('j', noWish, 0);

test('a run that goes on has no end', () => {
  expect(endWords(job)).toBe('');
});

test('a success says how long it took', () => {
  const ended = afterEvent(job, {
    event: 'finished',
    status: 'succeeded',
    ms: 12_300,
    complaint: null,
  });
  expect(endWords(ended)).toBe('The run succeeded, 12.3 s');
});

test('a failure says where', () => {
  const planned = afterEvent(job, {
    event: 'planned',
    run: 'r',
    derivation: '/d.drv',
    phases: [{ name: 'buildPhase', action: 'run', why: '', savedMs: 0 }],
  });
  const failed = afterEvent(planned, {
    event: 'phase-finished',
    phase: 'buildPhase',
    status: 'failed',
    snapshot: null,
    ms: 5,
    exitCode: 2,
  });
  const ended = afterEvent(failed, {
    event: 'finished',
    status: 'failed',
    ms: 400,
    complaint: null,
  });
  expect(endWords(ended)).toBe('The run failed in buildPhase, 0.4 s');
});

test('one that was stopped is told apart from one that an error ended', () => {
  const stopped = (error: string | null) =>
    endWords(afterEvent(job, { event: 'stopped', error, advice: null }));
  expect([stopped(null), stopped('the disk is full')]).toStrictEqual([
    'The run was stopped',
    'The run ended by an error',
  ]);
});
