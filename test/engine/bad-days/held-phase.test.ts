/** `--hold`: a failed phase's sandbox stays alive, can be entered, and goes on or ends as it is told. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HeldSandbox } from '../../../src-main/engine/engine.ts';
import { Build, STDENV } from './build.ts';
import { leftovers } from './leftovers.ts';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';

const PACKAGE = `${STDENV} {
  name = "held";
  phases = [ "buildPhase" "installPhase" ];
  buildPhase = ''
    word="two words"
    compile() { local unit=main.c; echo partial > main.o; test -e repaired; }
    compile
  '';
  installPhase = "mkdir $out; cp main.o $out/";
}`;

describe.skipIf(nixReason !== null)(titled('a held phase', nixReason), () => {
  let build: Build;
  beforeEach(() => {
    build = Build.open();
  });
  afterEach(async () => {
    await build.close();
  });

  /** Runs a script in the held sandbox, as a person would who types it there. */
  function attached({ attach }: HeldSandbox, script: string): string {
    const [tool = '', ...args] = attach;
    // Beside the terminal nothing is missing: bash is told to be interactive.
    const { stdout, stderr, error } = spawnSync(tool, args, {
      input: `${script}\nexit\n`,
      encoding: 'utf8',
      env: { ...process.env, FROM_OUTSIDE: 'yes' },
    });
    if (error !== undefined) throw error;
    if (stdout === '') throw new Error(stderr);
    return stdout;
  }

  it('is entered with its files, processes, variables and functions', async () => {
    let seen = '';
    const result = await build.run(PACKAGE, {
      onHeld: async (held) => {
        seen = attached(
          held,
          'echo "$word|$unit|$PWD|$(cat main.o)|${FROM_OUTSIDE-none}|$$"; declare -F compile; echo $(< /proc/1/comm); test -e /etc/shadow || echo inside',
        );
        return Promise.resolve('end');
      },
    });
    const [values = '', ...rest] = seen.split('\n');
    expect(values).toMatch(/^two words\|main\.c\|\/build\|partial\|none\|\d+$/);
    expect(rest).toStrictEqual(['compile', 'bash', 'inside', '']);
    expect(result.status).toBe('failed');
  });

  it('goes on as if it had succeeded, with what was repaired by hand', async () => {
    const result = await build.run(PACKAGE, {
      onHeld: async (held) => {
        attached(held, 'echo whole > main.o; echo done');
        return Promise.resolve('continue');
      },
    });
    expect(result.status).toBe('succeeded');
    expect(await build.read(result.snapshot, `${result.output}/main.o`)).toBe('whole\n');
    const records = await (await build.engine()).list();
    expect(records.map(({ phase, status }) => `${phase} ${status}`)).toContain('buildPhase kept');
  });

  it('ends as a failure, and so does the run', async () => {
    const result = await build.run(PACKAGE, { onHeld: async () => Promise.resolve('end') });
    expect(result.phases).toStrictEqual([['buildPhase', 'failed']]);
    expect(result.failed?.failure?.functions).toStrictEqual(['compile', 'runPhase']);
  });

  it('and cancelled leaves nothing', async () => {
    const abort = new AbortController();
    const cancelled = build.run(PACKAGE, {
      signal: abort.signal,
      onHeld: async () => {
        abort.abort();
        return new Promise(() => undefined);
      },
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(leftovers(build.place)).toStrictEqual([]);
  });

  it('cannot make the engine write elsewhere', async () => {
    const victim = join(build.place.directory, 'victim');
    writeFileSync(victim, 'mine');
    const trap = `${STDENV} {
      name = "trap";
      phases = [ "buildPhase" ];
      buildPhase = "rm /.strata/hold; mkfifo /.strata/hold; ln -s ${victim} /.strata/held.bash; false";
    }`;
    await build.run(trap, {
      onHeld: async ({ pid }) => {
        // What a process of the build could do at any moment.
        const hold = `/proc/${pid}/root/.strata/hold`;
        spawnSync('mv', [hold, `${hold}.old`]);
        symlinkSync(victim, hold);
        setTimeout(() => process.kill(pid, 'SIGKILL'), 500);
        return Promise.resolve('end');
      },
    });
    expect(existsSync(victim) && readFileSync(victim, 'utf8')).toBe('mine');
  });
});
