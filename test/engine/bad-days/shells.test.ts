/** Shells that end badly, and what they leave. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';
import { Build, STDENV } from './build.ts';
import { leftovers } from './leftovers.ts';
import { startStrata, strata } from './strata.ts';
import { defects } from './wholeness.ts';

describe.skipIf(nixReason !== null)(titled('a shell', nixReason), () => {
  let build: Build;
  beforeAll(async () => {
    build = Build.open();
    await build.run(`${STDENV} {
      name = "shells";
      phases = [ "buildPhase" ];
      buildPhase = "word=phase; echo x > file; false";
    }`);
  });
  afterAll(async () => {
    await build.close();
  });

  const shell = (...args: readonly string[]): ReturnType<typeof strata> =>
    strata(build.place, ['shell', 'last:buildPhase', ...args]);

  it('for one command ends as the command does', () => {
    expect(shell('--', 'echo $word; exit 7')).toMatchObject({ status: 7, stdout: 'phase\n' });
    expect(shell('--', 'test', '-e', 'file')).toMatchObject({ status: 0 });
    expect(shell('--', 'kill -9 $$')).toMatchObject({ status: 137 });
    expect(shell('--', 'no-such-command')).toMatchObject({ status: 127 });
  });

  it('stops what it started, before its changes are kept', async () => {
    const busy =
      'setsid sh -c "while :; do date >> busy; done" > /dev/null 2>&1 & sleep 0.3; exit 0';
    expect(shell('--keep', 'busy', '--', busy).status).toBe(0);
    expect(leftovers(build.place)).toStrictEqual([]);
    expect(await defects(await build.engine())).toStrictEqual([]);
    expect((await build.read('busy', '/build/busy')).length).toBeGreaterThan(0);
  });

  it('that is killed leaves nothing', async () => {
    const started = startStrata(build.place, [
      'shell',
      'last:buildPhase',
      '--',
      'echo ready; sleep 60',
    ]);
    await new Promise((resolve) => started.stdout.once('data', resolve));
    const end = new Promise((resolve) => started.once('exit', resolve));
    started.kill('SIGKILL');
    await end;
    expect(strata(build.place, ['ls']).status).toBe(0);
    expect(leftovers(build.place)).toStrictEqual([]);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    'that gets %s leaves nothing either',
    async (signal) => {
      const started = startStrata(build.place, [
        'shell',
        'last:buildPhase',
        '--',
        'echo ready; sleep 60',
      ]);
      await new Promise((resolve) => started.stdout.once('data', resolve));
      const end = new Promise((resolve) => started.once('exit', resolve));
      if (started.pid !== undefined) process.kill(-started.pid, signal);
      await end;
      expect(leftovers(build.place)).toStrictEqual([]);
    },
  );

  it('opens where the base of its run is gone', () => {
    const bases = join(build.place.root, 'bases');
    renameSync(bases, `${bases}-aside`);
    expect(shell('--', 'cat file')).toMatchObject({ status: 0, stdout: 'x\n' });
    rmSync(`${bases}-aside`, { recursive: true });
    mkdirSync(bases, { recursive: true });
    expect(existsSync(bases)).toBe(true);
  });

  it('says that there is no such snapshot', () => {
    expect(strata(build.place, ['shell', 'nothing'])).toMatchObject({ status: 2 });
  });
});
