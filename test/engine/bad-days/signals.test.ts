/** Ctrl-C and its like, as the command line gets them in the middle of a build. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Engine } from '../../../src-main/engine/engine.ts';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';
import { STDENV } from './build.ts';
import { newPlace } from './engine-process.ts';
import { leftovers } from './leftovers.ts';
import { startStrata } from './strata.ts';
import { defects } from './wholeness.ts';

const PACKAGE = `${STDENV} {
  name = "slow";
  phases = [ "onePhase" "slowPhase" "installPhase" ];
  onePhase = "echo one > one";
  slowPhase = ''
    trap 'echo no' INT TERM HUP
    ( trap "" INT TERM HUP; echo sleeping; sleep 60 ) & wait
  '';
  installPhase = "mkdir $out";
}`;

describe.skipIf(nixReason !== null)(titled('a run of the command line', nixReason), () => {
  it.each([
    ['SIGINT', 'to the process group, as the terminal sends it'],
    ['SIGINT', 'to the engine alone'],
    ['SIGTERM', 'to the engine alone'],
    ['SIGHUP', 'to the process group, as the terminal sends it'],
  ] as const)(
    'ended by %s %s: exit status 130, and only what was committed is left',
    async (signal, how) => {
      const place = newPlace();
      const target = join(place.directory, 'default.nix');
      writeFileSync(target, PACKAGE);
      const child = startStrata(place, ['run', target, '--json']);
      const { pid = 0, stdout, stderr } = child;
      let printed = '';
      const end = new Promise<[number | null, string | null]>((resolve) => {
        child.once('exit', (code, by) => resolve([code, by]));
      });
      await new Promise<void>((resolve) => {
        stdout.on('data', (chunk: Buffer) => {
          printed += chunk.toString();
          if (printed.includes('"line":"sleeping"')) resolve();
        });
      });
      stderr.resume();
      process.kill(how.includes('group') ? -pid : pid, signal);
      expect(await end).toStrictEqual([130, null]);
      expect(leftovers(place)).toStrictEqual([]);
      const engine = await Engine.open(place.env, place.directory);
      expect((await engine.list()).map(({ phase }) => phase)).toStrictEqual(['onePhase', 'setup']);
      expect(await defects(engine)).toStrictEqual([]);
      await engine.close();
    },
  );
});
