// Breakpoints: a run waits between two phases, with all that was built committed, and goes on or ends as it is told.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pause } from '../../../src-main/phases/breakpoints.ts';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';
import { packageOf, stdenvs } from './stdenvs.ts';
import { Workbench } from './workbench.ts';

describe.skipIf(nixReason !== null)(titled('a breakpoint', nixReason), () => {
  let bench: Workbench;
  beforeAll(() => {
    bench = Workbench.open();
  });
  afterAll(async () => bench.close());

  const [stdenv] = stdenvs;
  if (stdenv === undefined) throw new Error('no stdenv');
  const expression = packageOf(stdenv, {
    name: '"paused"',
    phases: '[ "onePhase" "twoPhase" "threePhase" ]',
    onePhase: '"echo one > one"',
    twoPhase: '"echo two > two"',
    threePhase: '"cat one two > $out"',
  });

  /** Runs with breakpoints; gives what the run came to, and where it paused. */
  async function paused(
    before: readonly string[],
    after: readonly string[],
    answer: (pause: Pause) => 'continue' | 'end' = () => 'continue',
  ) {
    const pauses: Pause[] = [];
    const onPaused = async (pause: Pause) => {
      pauses.push(pause);
      return Promise.resolve(answer(pause));
    };
    const ran = await bench.run(expression, { breakpoints: { before, after, onPaused } });
    const places = pauses.map(({ where, phase, reached }) => `${where} ${phase} at ${reached}`);
    return { ran, pauses, places };
  }

  test('is reached after what ran, and what was built can be read there', async () => {
    const { ran, pauses, places } = await paused(['twoPhase'], ['threePhase']);
    expect(places).toStrictEqual(['before twoPhase at onePhase', 'after threePhase at threePhase']);
    expect(pauses.map(({ snapshot }) => snapshot)).toStrictEqual([
      ran.snapshots.get('onePhase'),
      ran.snapshots.get('threePhase'),
    ]);
    const [first] = pauses;
    expect(await bench.read(first?.snapshot ?? '', '/build/one')).toBe('one\n');
    expect(await bench.read(first?.snapshot ?? '', '/build/two')).toBe(null);
    expect(ran.status).toBe('succeeded');
  });

  test('is reached where phases are reused too, and asks once between two phases', async () => {
    const { ran, places } = await paused(['onePhase', 'twoPhase'], ['onePhase']);
    expect(ran.phases.map(([, status]) => status)).toStrictEqual(['reused', 'reused', 'reused']);
    expect(places).toStrictEqual(['before onePhase at null', 'after onePhase at onePhase']);
  });

  test('ends a run as a partial success', async () => {
    const { ran } = await paused(['twoPhase'], [], () => 'end');
    expect({ status: ran.status, phases: ran.phases }).toStrictEqual({
      status: 'succeeded',
      phases: [
        ['onePhase', 'reused'],
        ['twoPhase', 'skipped'],
        ['threePhase', 'skipped'],
      ],
    });
    expect(ran.snapshot).toBe(ran.snapshots.get('onePhase'));
  });

  test('is left by a cancelled run', async () => {
    const abort = new AbortController();
    const cancelled = bench.run(expression, {
      signal: abort.signal,
      breakpoints: {
        before: ['twoPhase'],
        after: [],
        onPaused: async () => {
          abort.abort();
          return new Promise(() => undefined);
        },
      },
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('at no phase of the derivation is refused', async () => {
    await expect(paused([], ['twoPhas'])).rejects.toMatchObject({
      code: 'usage',
      operation: 'reading --break-after twoPhas',
      advice: 'did you mean twoPhase? the phases are onePhase, twoPhase, threePhase',
    });
  });
});
