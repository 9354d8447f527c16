/** Two engines at work in one cache on one target. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Engine } from '../../../src-main/engine/engine.ts';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';
import { STDENV } from './build.ts';
import { newPlace, runEngine, startEngine, type Place } from './engine-process.ts';
import { leftovers } from './leftovers.ts';
import { defects } from './wholeness.ts';

describe.skipIf(nixReason !== null)(titled('two runs of one target', nixReason), () => {
  let place: Place;
  let target: string;
  beforeEach(() => {
    place = newPlace();
    target = join(place.directory, 'default.nix');
    writeFileSync(
      target,
      `${STDENV} {
        name = "twice";
        phases = [ "onePhase" "twoPhase" "installPhase" ];
        onePhase = "echo one > one; sleep 0.2";
        twoPhase = "echo two > two; sleep 0.2";
        installPhase = "mkdir $out; cp one two $out/";
      }`,
    );
  });
  afterEach(async () => {
    const engine = await Engine.open(place.env, place.directory);
    expect(await defects(engine)).toStrictEqual([]);
    await engine.close();
    expect(leftovers(place)).toStrictEqual([]);
  });

  it('at once both succeed', async () => {
    const outcomes = await Promise.all([1, 2, 3].map(async () => runEngine(place, target)));
    expect(outcomes.map(({ kind }) => kind)).toStrictEqual(['succeeded', 'succeeded', 'succeeded']);
  });

  it('do not mind each other’s end: by a signal, or by a kill', async () => {
    const [stopped, killed, last] = [1, 2, 3].map(() => startEngine(place, target));
    await Promise.all([
      stopped?.event('phase-started', 'twoPhase').then(() => stopped.child.kill('SIGTERM')),
      killed?.event('phase-started', 'twoPhase').then(() => killed.child.kill('SIGKILL')),
    ]);
    expect(await stopped?.outcome).toMatchObject({ kind: 'refused', code: 'cancelled' });
    expect(await killed?.outcome).toBeNull();
    expect(await last?.outcome).toMatchObject({ kind: 'succeeded' });
    expect(await runEngine(place, target)).toMatchObject({ kind: 'succeeded' });
  });

  it('do not mind a collection of everything beside them', async () => {
    const run = startEngine(place, target);
    const over = new AbortController();
    const collecting = (async () => {
      const engine = await Engine.open(place.env, place.directory);
      while (!over.signal.aborted)
        await engine.collect({ olderThanDays: null, maxBytes: 0, kept: 'stay', dryRun: false });
      await engine.close();
    })();
    const outcome = await run.outcome;
    over.abort();
    await collecting;
    expect(outcome).toMatchObject({ kind: 'succeeded' });
  });
});
