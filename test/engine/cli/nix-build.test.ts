// Builds by Nix itself, told by the command line, and the logs of such builds.
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { titled } from '../snapshots/mounted.ts';
import { CommandLine, eventsOf, refusal } from './command-line.ts';

describe.skipIf(refusal !== null)(titled('a build by Nix', refusal), () => {
  let cli: CommandLine;
  // No store has built these before.
  const salt = `${process.pid}-${Date.now()}`;
  beforeAll(() => {
    cli = new CommandLine();
    writeFileSync(
      join(cli.directory, 'nix-build.nix'),
      `{ word ? "none" }:
      let
        make = name: script: derivation {
          inherit name; system = builtins.currentSystem; builder = "/bin/bash"; salt = "${salt}";
          args = [ "-c" "PATH=/usr/bin:/bin\\n\${script}" ];
        };
      in rec {
        dep = make "dep" "echo Running phase: buildPhase; echo \${word}; echo dep > $out";
        bad = make "bad" "echo Running phase: buildPhase; echo \${dep}; echo the compiler says no; exit 7";
        top = make "top" "echo \${bad} \${dep}";
        slow = make "slow" "echo begun; sleep 600";
        # A file of this machine, which no sandbox shows.
        open = derivation {
          name = "open"; system = builtins.currentSystem; builder = "/bin/bash"; salt = "${salt}";
          __noChroot = true;
          args = [ "-c" "read -r word < ${join(cli.directory, 'outside')}; echo $word > $out" ];
        };
        random = make "random" "echo $RANDOM$RANDOM$RANDOM > $out";
      }`,
    );
    writeFileSync(join(cli.directory, 'outside'), 'seen\n');
    writeFileSync(
      join(cli.directory, 'checked.nix'),
      `let stdenv = import ./host-stdenv { }; in stdenv.mkDerivation {
        name = "checked"; dontUnpack = true; salt = "${salt}";
        checkPhase = "echo tests run"; installPhase = "touch $out";
      }`,
    );
  }, 60_000);
  afterAll(() => cli.remove());

  test('makes the link that nix-build makes, and tells of derivations and their lines', () => {
    const { status, stdout } = cli.run(
      'nix-build',
      'nix-build.nix',
      '-A',
      'dep',
      '--argstr',
      'word',
      'hi',
    );
    expect(status).toBe(0);
    expect(stdout).toContain('\n▶ dep\ndep> Running phase: buildPhase\ndep> hi\n✓ dep ');
    expect(stdout).toMatch(/\n✓ built by Nix in .*\n {2}\/.*\/result\n$/);
    const link = realpathSync(join(cli.directory, 'result'));
    expect(readFileSync(link, 'utf8')).toBe('dep\n');
  });

  test('of a dependency that fails has its log, who needs it, and how to open it', () => {
    const { status, stdout, stderr } = cli.run(
      'nix-build',
      'nix-build.nix',
      '-A',
      'top',
      '-q',
      '--no-out-link',
    );
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ bad failed in buildPhase .*\n– top not begun, as an input failed\n/);
    expect(stdout).not.toContain('the compiler says no');
    expect(stderr).toMatch(/^bad failed in buildPhase\n {2}reason .*failed with exit code 7/);
    expect(stderr).toContain('  needed by   top\n');
    expect(stderr).toContain('  │ the compiler says no\n');
    expect(stderr).toMatch(/\n {4}.* run \/nix\/store\/\w{32}-bad\.drv\n$/);
  });

  test('as JSON is an event a line', () => {
    const answer = cli.run('nix-build', 'nix-build.nix', '-A', 'bad', '--no-out-link', '--json');
    const events = eventsOf(answer);
    expect(answer.status).toBe(1);
    expect(events[0]).toMatchObject({ event: 'evaluated' });
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'log', phase: 'buildPhase', line: 'the compiler says no' }),
    );
    expect(events.at(-1)).toMatchObject({ event: 'finished', status: 'failed', outputs: [] });
  });

  test('is made again with --check, and what differs then is a failure', () => {
    const build = (attribute: string, ...words: readonly string[]) =>
      cli.run('nix-build', 'nix-build.nix', '-A', attribute, '--no-out-link', ...words);
    const early = build('random', '--check');
    expect(early.status).toBe(2);
    expect(early.stderr).toContain('build it first without --check');
    expect(build('random').status).toBe(0);
    const again = build('random', '--check');
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('may not be deterministic');
    expect(build('dep').status).toBe(0);
    expect(build('dep', '--check').stdout).toContain('✓ dep ');
  });

  test('takes attributes of the derivation without an edit of its file', () => {
    const build = (...words: readonly string[]) =>
      cli.run('nix-build', 'checked.nix', '--no-out-link', ...words);
    expect(build().stdout).not.toContain('tests run');
    const { status, stdout } = build('--set', 'doCheck=true');
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('checked> tests run') as string,
    });
    const words = ['-A', 'dep', '--no-out-link', '--argstr', 'word', 'other', '--set', 'more=a"$b'];
    const plain = cli.run('nix-build', 'nix-build.nix', ...words);
    expect(plain).toMatchObject({ status: 0 });
    expect(plain.stdout).toContain('dep> other\n');
    const refused = cli.run('nix-build', '.#x', '--set', 'doCheck=true');
    expect(refused).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('outside a flake') as string,
    });
  });

  test('leaves the sandbox with __noChroot where that is relaxed, if this user may say so', () => {
    const build = (...words: readonly string[]) =>
      cli.run('nix-build', 'nix-build.nix', '-A', 'open', '--no-out-link', ...words);
    const strict = build();
    expect(strict.status).toBe(1);
    expect(strict.stderr).toContain('__noChroot');
    const relaxed = build('--option', 'sandbox', 'relaxed');
    const options = JSON.parse(cli.run('nix-options', '--json').stdout) as {
      option: string;
      permission: string;
    }[];
    const { permission } = options.find(({ option }) => option.endsWith('relaxed')) ?? {};
    // The tests' own daemon trusts its user, which on other machines nix.conf tells the client as well.
    const isTrusted = process.env['STRATA_TEST_AS'] === 'ordinary-user';
    if (permission === 'allowed') {
      expect(relaxed).toMatchObject({ status: 0, stderr: '' });
    } else if (isTrusted) {
      expect(relaxed.status).toBe(0);
    } else {
      expect(relaxed.status).toBe(1);
      expect(relaxed.stderr).toContain('--option sandbox relaxed does not count: ');
      expect(relaxed.stderr).toContain(
        '/etc/nix/nix.conf and restart the daemon: sandbox = relaxed',
      );
    }
  });

  test('ends with its builder at Ctrl-C', async () => {
    const child = cli.start('nix-build', 'nix-build.nix', '-A', 'slow', '--no-out-link');
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    while (!printed.includes('slow> begun')) await sleep(50);
    child.kill('SIGINT');
    const status = await new Promise((resolve) => child.once('exit', resolve));
    expect(status).toBe(130);
    expect(printed).toContain('– slow stopped');
  }, 60_000);

  test('that is over has its log by phases, if Nix has it', () => {
    const drv =
      /"derivation":"([^"]*-bad\.drv)"/.exec(
        cli.run('nix-build', 'nix-build.nix', '-A', 'bad', '--no-out-link', '--json').stdout,
      )?.[1] ?? '';
    const { status, stdout } = cli.run('nix-log', drv);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^▶ buildPhase\n│ Running phase: buildPhase\n│ .*-dep\n│ the compiler says no\n$/,
    );
    expect(JSON.parse(cli.run('nix-log', drv, '--json').stdout)).toMatchObject({
      derivations: [
        { derivation: drv, state: 'failed', phases: [{ name: 'buildPhase', line: 0 }] },
      ],
    });
    const missing = cli.run('nix-log', drv.replace('-bad', '-none'));
    expect(missing).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Nix keeps no log of it') as string,
    });
    const phase = cli.run('nix-log', drv, '--phase', 'checkPhase');
    expect(phase).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('it has buildPhase') as string,
    });
  });

  const recorded = join(import.meta.dirname, '../../../../shared/fixtures/nix-log');
  test.skipIf(!existsSync(recorded))(`that was recorded says what it came to (${recorded})`, () => {
    const file = join(recorded, '2.34.8/dependency-failure.log');
    const { status, stdout } = cli.run('nix-log', file);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^✗ dep failed in buildPhase {2}9 lines: unpackPhase .* buildPhase\n– top /,
    );
    expect(stdout).toContain('  │ dep.c:3: error: boom\n');
    const lines = cli.run('nix-log', file, '--derivation', 'dep', '--phase', 'buildPhase').stdout;
    expect(lines).toBe(
      '▶ buildPhase\n│ Running phase: buildPhase\n│ compiling dep\n│ dep.c:3: error: boom\n',
    );
  });

  test('has options, each with whether this user may use it', () => {
    const { status, stdout } = cli.run('nix-options', '--json');
    expect(status).toBe(0);
    const options = JSON.parse(stdout) as { option: string; permission: string }[];
    expect(options.find(({ option }) => option === '--check')?.permission).toBe('allowed');
    expect(options.map(({ option }) => option)).toContain('--option sandbox relaxed');
  });
});
