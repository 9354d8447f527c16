/** A job told to a front that is slower than the build. */
import { expect, test } from 'vitest';
import type { Engine, RunHooks } from '../../../src-main/engine/engine.ts';
import { Job } from '../../../src-main/engine/job.ts';
import { noWish } from '../../../src-main/protocol/methods.ts';

test('lines that come while a front is busy with the last ones are told when it is back', async () => {
  const build: { hooks: RunHooks | null; end: (() => void) | null } = { hooks: null, end: null };
  const engine = {
    run: async (_: unknown, hooks: RunHooks) => {
      build.hooks = hooks;
      await new Promise<void>((resolve) => {
        build.end = resolve;
      });
      return { complaint: null };
    },
  } as unknown as Engine;
  const job = new Job('j', { ...noWish, target: 'x' }, engine, '/');
  const stop = new AbortController();
  const events = job.follow(stop.signal);
  const print = (): void => {
    build.hooks?.emit({ event: 'log', phase: 'buildPhase', text: 'x' } as never);
  };
  print();
  const lines = async (): Promise<number | null> => {
    for (;;) {
      const item = await events.next();
      if (item.done === true) return null;
      if (item.value.event === 'log-grew') return item.value.lines;
    }
  };
  expect(await lines()).toBe(1);
  // The front is at work: the generator stands at its yield, with nobody to wake.
  print();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await lines()).toBe(2);
  build.end?.();
  stop.abort();
  await job.ended;
});
