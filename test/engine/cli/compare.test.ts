// `strata compare` on the example whose test misses a driver: without it, and with its directory in the sandbox.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { titled } from '../snapshots/mounted.ts';
import { CommandLine, eventsOf, refusal } from './command-line.ts';

interface Compared {
  readonly left: string;
  readonly right: string;
  readonly after: object | null;
  readonly libraries: { readonly differences: readonly object[] } | null;
  readonly files: readonly object[] | null;
  readonly log: object | null;
  readonly notCompared: Readonly<Record<string, { readonly reason: string }>>;
}

describe.skipIf(refusal !== null)(titled('compare', refusal), () => {
  let cli: CommandLine;
  let place = '';
  let driver = '';
  const runs: string[] = [];
  beforeAll(() => {
    cli = new CommandLine();
    // A place of the machine that no sandbox shows: /tmp is the build's own.
    place = mkdtempSync('/var/tmp/strata-compare-');
    driver = join(place, 'lib');
    const example = join(cli.directory, 'examples/missing-library');
    const { stderr } = spawnSync(join(example, 'install-driver.sh'), [driver], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    for (const options of [
      ['--trace', 'ld'],
      ['--trace', 'ld', '--bind', driver],
      ['--from', 'checkPhase', '--bind', driver],
    ]) {
      const target = [join(example, 'default.nix'), '--argstr', 'driverDirectory', driver];
      const [planned] = eventsOf(cli.run('run', '--json', ...target, ...options));
      runs.push(String(planned?.['run']));
    }
    expect(new Set(runs).size).toBe(3);
  }, 120_000);
  afterAll(() => {
    cli.remove();
    rmSync(place, { recursive: true, force: true });
  });

  const compared = (...words: readonly string[]): Compared => {
    const { status, stdout, stderr } = cli.run('compare', '--json', ...words);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout) as Compared;
  };

  test('the first difference is the driver, which one run found and the other did not', () => {
    const [without = '', withDriver = ''] = runs;
    const { left, right, after, libraries, files, notCompared } = compared(without, withDriver);
    expect({ left, right, after, notCompared: Object.keys(notCompared) }).toEqual({
      left: without,
      right: withDriver,
      after: { left: 'checkPhase', right: 'checkPhase' },
      notCompared: ['accesses'],
    });
    expect(libraries?.differences[0]).toMatchObject({
      kind: 'found-right',
      library: 'libstrata-driver.so.1',
      phase: 'checkPhase',
      left: { found: null },
      right: { found: join(driver, 'libstrata-driver.so.1') },
    });
    expect(files).not.toBeNull();
    expect(compared(`${withDriver}:checkPhase`, without).libraries?.differences[0]).toMatchObject({
      kind: 'found-left',
      library: 'libstrata-driver.so.1',
    });
  });

  test('for people: each section, what is on which side, and the search path', () => {
    const [without = '', withDriver = ''] = runs;
    const { stdout } = cli.run('compare', without, withDriver);
    expect(stdout.split('\n').slice(0, 6)).toEqual([
      `− ${without}   + ${withDriver}`,
      '',
      expect.stringMatching(/^Libraries {2}1 differs, \d+ other lookups the same$/) as string,
      '  libstrata-driver.so.1  found by + alone  (./render in checkPhase)',
      '    − not found',
      `    + ${driver}/libstrata-driver.so.1  RUNPATH of ./render`,
    ]);
    expect(stdout).toMatch(/− \S+\/lib +does not exist, RUNPATH of \.\/render\n/);
    expect(stdout).toContain('+ rendering with the driver of this machine\n');
    expect(stdout).toContain('Files after checkPhase  ');
  });

  test('a run that was not traced: what is not compared is said, and the rest is', () => {
    const [without = '', , untraced = ''] = runs;
    const { libraries, log, notCompared } = compared(without, untraced);
    expect({ libraries, hasLog: log !== null }).toEqual({ libraries: null, hasLog: true });
    expect(notCompared['libraries']?.reason).toContain(untraced);
    const { stdout } = cli.run('compare', without, untraced);
    expect(stdout).toContain('not compared: Libraries: ');
    expect(stdout).toContain('trace it: strata run --trace ld');
  });

  test('a run does not differ from itself', () => {
    const [without = ''] = runs;
    expect(compared(without, without)).toMatchObject({
      libraries: { differences: [], lone: [] },
      files: [],
      variables: [],
    });
  });
});

describe('compare without a build', () => {
  const cli = new CommandLine();
  afterAll(() => cli.remove());

  test('files and directories of LD_DEBUG text', () => {
    const text = (pid: number, directory: string): string =>
      [
        `find library=libx.so [0]; searching`,
        ` search path=${directory}\t\t(RUNPATH from file ./prog)`,
        `  trying file=${directory}/libx.so`,
        '',
      ]
        .map((line) => `${String(pid).padStart(10)}:\t${line}\n`)
        .join('');
    mkdirSync(join(cli.directory, 'bad'));
    writeFileSync(join(cli.directory, 'bad/ld.8'), text(8, '/b'));
    writeFileSync(join(cli.directory, 'good.7'), text(7, '/a'));
    const { status, stdout, stderr } = cli.run('compare', 'good.7', 'bad');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('  libx.so  found in another place  (./prog)\n');
    expect(stdout).toContain('      − /a  found, RUNPATH of ./prog\n');
    expect(stdout).toContain('      + /b  found, RUNPATH of ./prog\n');
    expect(stdout).toContain('not compared: Files, Variables, Log: ');
  });

  test.each([
    [['compare'], "missing required argument 'a'"],
    [['compare', 'last', 'last'], 'no run has reached a phase'],
    [['compare', 'missing.log', 'last'], 'there is no run, snapshot or file of that name'],
  ])('%j is status 2, and says why', (words, reason) => {
    const { status, stderr } = cli.run(...words);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining(reason) as string,
    });
  });
});
