/** Builds that fork without end, and builds that leave processes behind. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';
import { Build, STDENV } from './build.ts';
import { leftovers } from './leftovers.ts';

/** How many processes have a word in their command line. */
function processesWith(word: string): number {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(word);
    } catch {
      return false;
    }
  }).length;
}

describe.skipIf(nixReason !== null)(titled('processes of a build', nixReason), () => {
  let build: Build;
  beforeEach(() => {
    build = Build.open();
  });
  afterEach(async () => {
    await build.close();
  });

  it('that are left behind are stopped and named, however they hide', async () => {
    const result = await build.run(`${STDENV} {
      name = "daemons";
      phases = [ "buildPhase" "installPhase" ];
      buildPhase = ''
        sleep 1001 &
        nohup sleep 1002 > /dev/null 2>&1 &
        setsid sh -c 'trap "" TERM HUP INT; exec sleep 1003' < /dev/null > /dev/null 2>&1 &
        ( ( setsid sleep 1004 > /dev/null 2>&1 & ) & )
        sleep 0.2
      '';
      installPhase = "mkdir $out";
    }`);
    expect(result.status).toBe('succeeded');
    const named = result.lines.filter((line) => line.includes('was still running'));
    expect(named.map((line) => line.replace(/\d+/, 'N'))).toStrictEqual(
      Array.from(
        { length: 4 },
        () => 'strata: stopped sleep (process N), which was still running when the phase ended',
      ),
    );
    expect(processesWith('sleep\0' + '100')).toBe(0);
    expect(leftovers(build.place)).toStrictEqual([]);
  });

  it('that fork without end end with the run, and their layer with them', async () => {
    const abort = new AbortController();
    let storm = 0;
    // Each lives for a second, so that there are never more than a few hundred.
    const run = build.run(
      `${STDENV} {
        name = "storm";
        phases = [ "buildPhase" ];
        buildPhase = ''
          fork() { while :; do ( setsid sh -c 'echo $$ > made-by-$$; exec sleep 1.0815' > /dev/null 2>&1 & ); sleep 0.004; done; }
          fork & fork & wait
        '';
      }`,
      {
        signal: abort.signal,
        onEvent: ({ event }) => {
          if (event !== 'phase-started') return;
          setTimeout(() => {
            storm = processesWith('1.0815');
            abort.abort();
          }, 1500);
        },
      },
    );
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(storm).toBeGreaterThan(20);
    expect(processesWith('1.0815')).toBe(0);
    expect(leftovers(build.place)).toStrictEqual([]);
    expect(await (await build.engine()).list()).toMatchObject([{ phase: 'setup' }]);
  });

  it('that are stopped at any moment leave only what was committed', async () => {
    for (let after = 0; after < 600; after += 75) {
      const abort = new AbortController();
      const run = build.run(
        `${STDENV} {
          name = "stopped-${after}";
          phases = [ "onePhase" "twoPhase" "installPhase" ];
          onePhase = "echo > one"; twoPhase = "echo > two"; installPhase = "mkdir $out";
        }`,
        { signal: abort.signal },
      );
      const [ended] = await Promise.all([
        run.then(
          ({ status }) => status,
          (error: unknown) => error,
        ),
        sleep(after).then(() => abort.abort()),
      ]);
      if (ended !== 'succeeded')
        expect(ended, `after ${after} ms`).toMatchObject({ code: 'cancelled' });
      expect(leftovers(build.place), `after ${after} ms`).toStrictEqual([]);
    }
  });
});
