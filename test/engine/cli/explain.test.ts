// `strata explain` on the example whose test misses a driver of the machine.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Explanation } from '../../../src-main/engine/types.ts';
import { packageOf, stdenvs } from '../phases/stdenvs.ts';
import { CommandLine, refusal } from './command-line.ts';

const noStrace = spawnSync('strace', ['-V']).status === 0 ? null : 'there is no strace';
const reason = refusal ?? noStrace;
const suite = reason === null ? '' : ` (skipped: ${reason})`;

describe.skipIf(reason !== null)(`explain${suite}`, () => {
  let cli: CommandLine;
  let place = '';
  let driver = '';
  beforeAll(() => {
    cli = new CommandLine();
    // A place of the machine that no sandbox shows: /tmp is the build's own.
    place = mkdtempSync('/var/tmp/strata-explain-');
    driver = join(place, 'driver/lib');
    const { status } = cli.run('run', '-q', ...target());
    expect(status).toBe(1);
  }, 120_000);
  afterAll(() => {
    cli.remove();
    rmSync(place, { recursive: true, force: true });
  });

  const example = (): string => join(cli.directory, 'examples/missing-library');
  const target = (): readonly string[] => [
    join(example(), 'default.nix'),
    '--argstr',
    'driverDirectory',
    driver,
  ];
  const explained = (...words: readonly string[]): Explanation => {
    const { status, stdout, stderr } = cli.run('explain', '--json', ...words);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    return JSON.parse(stdout) as Explanation;
  };

  test('names the directory that the machine does not have either', () => {
    const found = explained();
    expect(found).toMatchObject({ phase: 'checkPhase', again: 'fails', withHost: 'fails' });
    expect(found.suspects[0]).toMatchObject({
      path: driver,
      asked: [join(driver, 'libstrata-driver.so.1')],
      isOutside: false,
      trial: 'not-tried',
    });
    const told = cli.run('explain').stdout;
    expect(told).toContain(`this machine does not have ${driver} either.`);
    expect(told).toContain(`once this machine has it: strata run --bind ${driver}`);
  });

  test('a traced run of it is timed against the untraced one, which failed as well', () => {
    const traced = cli.run('run', ...target(), '--trace', 'ld', '--from', 'checkPhase');
    expect(`${traced.stdout}${traced.stderr}`).toMatch(
      /traced checkPhase: libraries, .* × the .* it took untraced/,
    );
  });

  test('shows it the driver that is outside, sees it succeed, and leaves nothing of that', () => {
    const made = spawnSync(join(example(), 'install-driver.sh'), [driver], { encoding: 'utf8' });
    expect(made.stderr).toBe('');
    const before = cli.run('ls', '--json').stdout;
    const found = explained('last');
    expect(found).toMatchObject({ again: 'fails', withHost: 'succeeds' });
    expect(found.suspects[0]).toMatchObject({ path: driver, isOutside: true, trial: 'succeeds' });
    expect(cli.run('ls', '--json').stdout).toBe(before);

    const told = cli.run('explain');
    expect(told.stdout).toContain(`checkPhase succeeds with ${driver} in view, and fails without.`);
    expect(told.stdout).toContain(`for now: strata run --bind ${driver}`);
    expect(told.stderr).toContain('running checkPhase again, traced');
    expect(cli.run('run', '-q', ...target(), '--bind', driver).status).toBe(0);
  });

  test('has nothing to say of a run without a failure', () => {
    const { status, stderr } = cli.run('explain', 'last');
    expect({ status, stderr }).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no phase of that run failed') as string,
    });
  });

  /** A build that fails, as `last`. */
  const failing = (name: string, script: string): void => {
    const file = join(place, `${name}.nix`);
    const [stdenv] = stdenvs;
    writeFileSync(
      file,
      packageOf(stdenv ?? { name: '', expression: '' }, {
        name: `"${name}"`,
        phases: '[ "buildPhase" ]',
        buildPhase: `''${script}''`,
      }),
    );
    expect(cli.run('run', '-q', file).status).toBe(1);
  };

  test('names the interpreter without which a script could not be started', () => {
    const interpreter = join(place, 'sh');
    copyFileSync('/bin/sh', interpreter);
    chmodSync(interpreter, 0o755);
    failing('script', `mkdir $out; printf '#!${interpreter}\\n' > tool; chmod +x tool; ./tool`);
    const found = explained();
    expect(found.suspects[0]).toMatchObject({
      kind: 'interpreter',
      path: interpreter,
      programs: ['/build/tool'],
      trial: 'succeeds',
    });
    expect(found.suspects[0]?.remedies[0]).toContain('patchShebangs');
  });

  test('says where to look where the sandbox is not why', () => {
    failing('plain', 'mkdir $out; false');
    const { stdout } = cli.run('explain');
    expect(stdout).toMatch(
      /it failed at {2}false\n\nNothing that it lacks inside is there outside/,
    );
    expect(stdout).toMatch(/ shell \w+:buildPhase\n/);
  });
});
