/** Killed while Nix builds an input: that build must not go on for hours with nobody to wait for it. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';
import { STDENV } from './build.ts';
import { newPlace, startEngine } from './engine-process.ts';

/** How many processes sleep for so long. */
function sleepers(seconds: string): number {
  return readdirSync('/proc').filter((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`sleep\0${seconds}\0`);
    } catch {
      return false;
    }
  }).length;
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition() && waited < 20_000; waited += 50) await sleep(50);
}

describe.skipIf(nixReason !== null)(titled('an engine that waits for an input', nixReason), () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)('ends that build with it: %s', async (signal) => {
    const place = newPlace();
    // Another one each time: Nix builds a derivation once at a time.
    const seconds = `${1000 + Math.floor(Math.random() * 1e6)}.5`;
    const target = join(place.directory, 'default.nix');
    writeFileSync(
      target,
      `${STDENV} {
        name = "waiting";
        input = derivation {
          name = "input"; system = builtins.currentSystem; builder = "/bin/bash";
          args = [ "-c" "/bin/sleep ${seconds}" ];
        };
      }`,
    );
    const { child } = startEngine(place, target);
    await until(() => sleepers(seconds) > 0);
    expect(sleepers(seconds)).toBe(1);
    child.kill(signal);
    await until(() => sleepers(seconds) === 0);
    expect(sleepers(seconds)).toBe(0);
  });
});
