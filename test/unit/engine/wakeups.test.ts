/** Nobody sleeps through a change that came between looking and waiting. */
import { expect, test } from 'vitest';
import { Wakeups } from '../../../src-main/engine/wakeups.ts';

const never = new AbortController().signal;

test('a wake before the wait, but after the count was taken, ends the wait', async () => {
  const wakeups = new Wakeups();
  const { count } = wakeups;
  wakeups.wake();
  await wakeups.since(count, never);
  expect(wakeups.count).toBe(count + 1);
});

test('all who wait are woken, and a signal ends a wait too', async () => {
  const wakeups = new Wakeups();
  const stop = new AbortController();
  const waits = [wakeups.since(0, never), wakeups.since(0, never), wakeups.since(0, stop.signal)];
  stop.abort();
  await waits[2];
  wakeups.wake();
  await Promise.all(waits);
});
