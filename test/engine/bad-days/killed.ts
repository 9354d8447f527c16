/** Killing an engine at random moments of a run, and what must hold afterwards. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { Engine } from '../../../src-main/engine/engine.ts';
import { deleteTree } from '../../../src-main/snapshots/tree-removal.ts';
import { runIn } from './build.ts';
import { newPlace, runEngine, startEngine, type Place } from './engine-process.ts';
import { leftovers } from './leftovers.ts';
import { randomNumbers, seed } from './random.ts';
import { defects } from './wholeness.ts';

/** Far more than the kernel needs, on a machine that does much else (milliseconds). */
const PATIENCE_MS = 5000;

const STDENV = new URL('../../../resources/host-stdenv', import.meta.url).pathname;

/** Phases that make, change, remove and replace files and directories, fast. */
const PACKAGE = `
let stdenv = import ${STDENV} { };
in stdenv.mkDerivation {
  name = "short";
  phases = [ "onePhase" "twoPhase" "threePhase" "installPhase" ];
  onePhase = "mkdir -p tree/inner; for i in {1..20}; do echo $i > tree/$i; done; sleep 0.05";
  twoPhase = "echo more >> tree/1; rm tree/2; rm -r tree/inner; mkdir tree/inner; echo new > tree/inner/new";
  threePhase = "mkdir locked; echo x > locked/file; chmod 000 locked; head -c 300000 /dev/zero > zeros; setsid sleep 60 > /dev/null &";
  installPhase = "mkdir $out; cp tree/1 zeros $out/";
}`;

/** How many runs; fewer where the same was done as root. */
export const COUNT = process.env['STRATA_TEST_AS'] === 'ordinary-user' ? 15 : 50;

/**
 * Kills so many runs, each of a cache of its own, and looks after each that what is listed is whole, that the next start
 * clears up, and that the next run succeeds.
 */
export async function killAtRandomMoments(
  count: number,
  kill: (pid: number) => void,
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const random = randomNumbers(seed);
  const target = join(newPlace().directory, 'default.nix');
  writeFileSync(target, PACKAGE);
  const started = performance.now();
  expect(await runEngine(newPlace(env), target)).toMatchObject({ kind: 'succeeded' });
  const whole = performance.now() - started;
  for (let run = 0; run < count; run += 1) {
    const after = Math.round(random() * whole);
    const place = newPlace(env);
    const { child, outcome } = startEngine(place, target);
    await sleep(after);
    if (child.pid !== undefined && child.exitCode === null) kill(child.pid);
    await outcome;
    const what = `run ${run} of seed ${seed}, killed after ${after} of ${Math.round(whole)} ms`;
    await checkRecovery(place, target, what);
    await deleteTree(place.directory);
  }
}

/** What a process of the sandbox left: the kernel ends it a moment after bubblewrap, whose death is its own. */
async function lastingLeftovers(place: Place): Promise<readonly string[]> {
  const patience = Date.now() + PATIENCE_MS;
  for (;;) {
    const left = leftovers(place);
    if (left.length === 0 || Date.now() > patience) return left;
    await sleep(20);
  }
}

async function checkRecovery(place: Place, target: string, what: string): Promise<void> {
  const engine = await Engine.open(place.env, place.directory);
  try {
    expect(await defects(engine), what).toStrictEqual([]);
    expect(await lastingLeftovers(place), `${what}, after the next start`).toStrictEqual([]);
    const { status } = await runIn(engine, target);
    expect(status, `${what}, the next run`).toBe('succeeded');
    expect(leftovers(place), `${what}, after the next run`).toStrictEqual([]);
  } finally {
    await engine.close();
  }
}
