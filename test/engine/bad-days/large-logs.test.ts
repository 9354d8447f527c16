/** Builds that print without measure. */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Engine } from '../../../src-main/engine/engine.ts';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';
import { STDENV } from './build.ts';
import { newPlace, runEngine, type Place } from './engine-process.ts';

const MEGABYTE = 1_000_000;
/** What the engine may have in memory, whatever is printed. Five gigabytes were tried by hand: 110 MB. */
const ROOM = 300 * MEGABYTE;

describe.skipIf(nixReason !== null)(titled('a log', nixReason), () => {
  let place: Place;
  beforeEach(() => {
    place = newPlace();
  });

  function phaseOf(code: string): string {
    const path = join(place.directory, 'default.nix');
    writeFileSync(
      path,
      `${STDENV} { name = "log"; phases = [ "buildPhase" ]; buildPhase = ''${code}''; }`,
    );
    return path;
  }

  async function logBytes(): Promise<number> {
    const engine = await Engine.open(place.env, place.directory);
    const [last] = await engine.list();
    await engine.close();
    return statSync(join(place.root, 'snapshots', last?.id ?? '', 'log')).size;
  }

  it('of 300 MB is kept, every byte, in bounded memory', async () => {
    const outcome = await runEngine(
      place,
      phaseOf(`set +o pipefail; yes "$(printf %0150d 0)" | head -c ${300 * MEGABYTE}; mkdir $out`),
    );
    expect(outcome).toMatchObject({ kind: 'succeeded', lines: expect.any(Number) as number });
    if (outcome.kind === 'refused') return;
    expect(outcome.lines).toBeGreaterThan(1.9 * MEGABYTE);
    expect(outcome.residentBytes).toBeLessThan(ROOM);
    expect(await logBytes()).toBeGreaterThan(300 * MEGABYTE);
  });

  it('without a newline is kept too, and given in pieces', async () => {
    const outcome = await runEngine(
      place,
      phaseOf(`set +o pipefail; yes 'error ' | tr -d '\\n' | head -c ${50 * MEGABYTE}; mkdir $out`),
    );
    expect(outcome).toMatchObject({ kind: 'succeeded' });
    if (outcome.kind === 'refused') return;
    expect(outcome.residentBytes).toBeLessThan(ROOM);
    expect(await logBytes()).toBeGreaterThan(50 * MEGABYTE);
  });
});
