// The story Strata is for: a build fails, the person enters the state, repairs it, and goes on.
import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { titled } from '../snapshots/mounted.ts';
import { CommandLine, eventsOf, refusal, type Answer } from './command-line.ts';

const cli = new CommandLine();
afterAll(() => cli.remove());

describe.skipIf(refusal !== null)(titled('a build that fails in installPhase', refusal), () => {
  let first: Answer;
  beforeAll(() => {
    first = cli.run('run', 'examples/install-fails');
  });

  test('streams its log and ends with status 1', () => {
    expect(first.status).toBe(1);
    expect(first.stdout).toContain('\n▶ buildPhase\n│ Running phase: buildPhase\n');
    expect(first.stdout).toMatch(/\n✓ buildPhase \d/);
    expect(first.stdout).toMatch(/\n✗ installPhase failed with exit code 1 after \d/);
  });

  test('says on standard error which phase, command and line, and the one command for a shell there', () => {
    expect(first.stderr).toMatch(/^primes-1\.0 failed in installPhase with exit code 1\n/);
    expect(first.stderr).toContain('  command     install -m 755 primes $out/bin/primes\n');
    expect(first.stderr).toMatch(
      /\n {2}log line 2 {2}install: cannot create regular file .*No such file or directory\n/,
    );
    const command = /^ {4}(.*) shell (\w+:installPhase)$/m.exec(first.stderr);
    const answer = cli.run('shell', command?.[2] ?? '', '--', 'ls; basename "$out"');
    expect(answer.stdout).toMatch(/^Makefile\nprimes\nprimes\.c\n\w{32}-primes-1\.0\n$/);
  });

  test('--quiet leaves the log out', () => {
    const { stdout } = cli.run('run', 'examples/install-fails', '-q');
    expect(stdout).not.toContain('│');
    expect(stdout).toMatch(/\n✗ installPhase failed/);
  });

  test('--json keeps standard output for events', () => {
    const answer = cli.run('run', 'examples/install-fails', '--json');
    expect(answer.status).toBe(1);
    expect(eventsOf(answer).at(-1)).toMatchObject({ event: 'finished', status: 'failed' });
    expect(answer.stderr).toContain('primes-1.0 failed in installPhase');
  });

  test('a command in a shell fails as the phase does, and prints what it prints', () => {
    const again = (...command: readonly string[]): Answer =>
      cli.run('shell', 'last:installPhase', '--', ...command);
    const failed = {
      status: 1,
      stdout: 'Running phase: installPhase\n',
      stderr: expect.stringMatching(/^install: cannot create .*\n$/) as string,
    };
    expect(again('runPhase', 'installPhase')).toEqual(failed);
    expect(again('runPhase installPhase; echo "not reached"')).toEqual(failed);
    expect(again('false | cat; echo "not reached"')).toEqual({ status: 1, stdout: '', stderr: '' });
    expect(again('false || echo "and on"').stdout).toBe('and on\n');
  });

  test('an interactive shell survives an error', () => {
    const { status, stdout } = cli.runWith(
      'runPhase installPhase\necho "still $pname"\nexit 4\n',
      'shell',
      'last:installPhase',
    );
    expect(stdout).toMatch(/Running phase: installPhase\nstill primes\n$/);
    expect(status).toBe(4);
  });

  test('what a shell keeps can be gone on from', () => {
    const kept = cli.run(
      'shell',
      'last:installPhase',
      '--keep',
      'repaired',
      '--',
      'mkdir -p "$out/bin"',
    );
    expect(kept.status).toBe(0);
    expect(kept.stderr).toMatch(
      /^kept as repaired \(\w+\); to go on from it:\n {4}.* run \S+install-fails\/default\.nix --from repaired\n$/,
    );
    expect(cli.run('ls').stdout).toMatch(/ ◆ installPhase .* repaired$/m);
    // What a shell does not show to people is in what it keeps.
    const id = /\((\w+)\)/.exec(kept.stderr)?.[1] ?? '';
    expect(readFileSync(`${cli.cache}/snapshots/${id}/state`, 'latin1')).toContain('@nix {');
    const { status, stdout } = cli.run('run', 'examples/install-fails', '--from', 'repaired');
    expect(status).toBe(0);
    expect(stdout).toMatch(/✓ built primes-1\.0 in .* unconfirmed\n/);
    expect(stdout).toMatch(/\nmade by hand: the result includes the changes kept as repaired\. /);
  });

  test('after the edit only what changed runs', () => {
    cli.edit('examples/install-fails/default.nix', 'install -m', 'install -D -m');
    const { status, stdout } = cli.run('run', 'examples/install-fails');
    expect(status).toBe(0);
    expect(stdout).toContain('  ▶ installPhase       run ');
    expect(stdout).not.toContain('made by hand');
    expect([...stdout.matchAll(/^▶ (\w+)$/gm)].map((match) => match[1])).toEqual([
      'installPhase',
      'fixupPhase',
    ]);
  });
});

describe.skipIf(refusal !== null)(titled('what a shell kept, and gc', refusal), () => {
  const own = new CommandLine();
  afterAll(() => own.remove());
  const listed = (): readonly string[] =>
    (JSON.parse(own.run('ls', '--json').stdout) as { phase: string; status: string }[]).map(
      ({ phase, status }) => `${phase} ${status}`,
    );

  test('it stays with what it needs, and is named', () => {
    own.run('run', 'examples/install-fails');
    own.run('shell', 'last:patchPhase', '--keep', 'mended', '--', 'echo mended > NOTE');
    const { stdout } = own.run('gc', '--max-size', '0');
    expect(stdout).toMatch(
      /\n1 kept snapshot stays, .* KiB with all that is needed for it: mended\n/,
    );
    expect(listed()).toEqual([
      'patchPhase kept',
      'patchPhase succeeded',
      'unpackPhase succeeded',
      'setup succeeded',
    ]);
    expect(own.run('shell', 'mended', '--', 'cat NOTE').stdout).toBe('mended\n');
  });

  test('with --kept it goes too, by name', () => {
    expect(own.run('gc', '--older-than', '1', '--kept').stdout).toMatch(/^nothing to remove; /);
    expect(own.run('gc', '--max-size', '0', '--kept').stdout).toMatch(
      /^removed \w+ .* patchPhase of run \w+ {2}kept as mended\n/,
    );
    expect(listed()).toEqual([]);
  });
});

describe.skipIf(refusal !== null)(titled('bad days', refusal), () => {
  test('an output that is not made is a failed build', () => {
    const target = cli.write('nothing', 'outputs = [ "out" "dev" ];');
    const { status, stderr } = cli.run('run', target);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^All phases succeeded, and the build failed: .*dev/);
    expect(stderr).toMatch(/shell \w+:fixupPhase\n$/);
  });

  test('nothing a build prints acts on the terminal, colours on a terminal excepted', () => {
    const target = cli.write(
      'hostile',
      String.raw`buildPhase = ''
        printf '\033[31mred\033[0m \033]0;title\a\033[2J\302\23331mhome\r\n'
        printf '10%%\r100%%\n'
      '';`,
    );
    expect(cli.run('run', target).stdout).toMatch(/\n│ red home\n│ 100%\n/);
    const terminal = cli.script(
      `export -f strata; SHELL=$BASH script -qec 'strata run ${target} --from buildPhase' /dev/null < /dev/null`,
    );
    expect(terminal.stdout).toContain('\u001b[31mred\u001b[0m home');
    expect(terminal.stdout).not.toMatch(/title|\u001b\[2J|\u009b/);
  });

  test('log prints to a pipe every byte of a phase, and on a terminal what run printed', () => {
    const bytes = cli.script('strata log last:buildPhase | base64 -w0').stdout;
    expect(Buffer.from(bytes, 'base64').toString('latin1')).toBe(
      [
        'Running phase: buildPhase\n@nix { "action": "setPhase", "phase": "buildPhase" }\n',
        '\u001b[31mred\u001b[0m \u001b]0;title\u0007\u001b[2J\u00c2\u009b31mhome\r\n',
        '10%\r100%\n',
      ].join(''),
    );
    const terminal = cli.script(
      'export -f strata; SHELL=$BASH script -qec "strata log last" /dev/null < /dev/null',
    ).stdout;
    const shown = terminal.replace(/\u001b\[\d+m/g, '');
    expect(shown).toMatch(/^▶ patchPhase\r\n/);
    expect(shown).toContain(
      '▶ buildPhase\r\n│ Running phase: buildPhase\r\n│ red home\r\n│ 100%\r\n▶ installPhase\r\n',
    );
    expect(terminal).not.toMatch(/title|\u001b\[2J|\u009b|@nix/);
    cli.run('shell', 'last:buildPhase', '--keep', 'quiet', '--', 'true');
    expect(cli.run('log', 'quiet').stderr).toContain('it is a state that a shell left');
  });

  test('Ctrl-C stops the whole process tree and leaves finished phases', async () => {
    const mark = `sleep 98${process.pid}`;
    const target = cli.write('endless', `buildPhase = "${mark} & ${mark}";`);
    const child = cli.start('run', target);
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    await expectSoon(() => processes(mark) === 2);
    child.kill('SIGINT');
    const status = await new Promise((resolve) => child.once('exit', resolve));
    expect({ status, errors }).toEqual({
      status: 130,
      errors: 'stopped; phases that finished in layers are kept\n',
    });
    await expectSoon(() => processes(mark) === 0);
    expect(cli.script('ls cache/strata/active').stdout).toBe('');
    expect(cli.run('plan', target, '--json').stdout).toContain(
      '{"name":"configurePhase","action":"reuse"',
    );
  });

  test('--json of a stopped run has its last line too', async () => {
    const target = cli.write('stopped', `buildPhase = "sleep 97${process.pid}";`);
    const child = cli.start('run', target, '--json');
    let stdout = '';
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    await expectSoon(() => stdout.includes('{"event":"phase-started","phase":"buildPhase"}'));
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('close', resolve));
    expect(eventsOf({ status: null, stdout, stderr: '' }).at(-1)).toEqual({
      event: 'finished',
      status: 'failed',
      ms: expect.any(Number) as number,
      snapshot: expect.any(String) as string,
    });
    expect(cli.run('ls').stdout).toMatch(/^stopped {2}run \w+ {2}stopped$/m);
  });

  test('a run that Strata itself had to end is told from a stopped and from a failed one', () => {
    // The state of the phase cannot be written.
    const target = cli.write('torn', 'buildPhase = "mkdir /.strata/state";');
    const answer = cli.run('run', target, '--json');
    expect(answer.status).toBe(2);
    expect(answer.stderr).toContain('the state of its shell could not be written');
    const [first, ...events] = eventsOf(answer);
    const told = events.filter(({ event }) => event !== 'log').slice(-2);
    expect(told).toEqual([
      { event: 'phase-started', phase: 'buildPhase' },
      {
        event: 'finished',
        status: 'failed',
        ms: expect.any(Number) as number,
        snapshot: expect.any(String) as string,
      },
    ]);
    const run = String(first?.['run']);
    const record = readFileSync(`${cli.cache}/runs/${run}/run.json`, 'utf8');
    expect(JSON.parse(record)).toMatchObject({ status: 'error' });
    expect(cli.run('ls').stdout).toContain(`torn  run ${run}  ended by an error\n`);
  });

  test('--json tells of a setup that fails as of any phase', () => {
    const answer = cli.run(
      'run',
      cli.write('unready', 'preHook = "echo not yet; exit 3";'),
      '--json',
    );
    const [planned, ...events] = eventsOf(answer);
    expect(planned).toMatchObject({ event: 'planned', phases: [] });
    expect(events).toMatchObject([
      { event: 'phase-started', phase: 'setup' },
      { event: 'log', phase: 'setup', line: 'not yet' },
      { event: 'phase-finished', phase: 'setup', status: 'failed', exitCode: 3 },
      { event: 'finished', status: 'failed' },
    ]);
  });

  test('a reader of the log that leaves stops the run, quietly', () => {
    const target = cli.write('talkative', 'buildPhase = "yes";');
    const { stdout, stderr } = cli.script(
      `strata run ${target} | head -40 > /dev/null; echo "\${PIPESTATUS[0]}"`,
    );
    expect({ stdout, stderr }).toEqual({ stdout: '130\n', stderr: '' });
  });
});

describe.skipIf(refusal !== null)(titled('--hold', refusal), () => {
  const target = cli.write('held', 'buildPhase = "value=42; touch here; false";');

  test.each(['end\n', 'what?\nq\n', ''])('ends the run on %j', (input) => {
    const { status, stdout, stderr } = cli.runWith(input, 'run', target, '--hold');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^‖ buildPhase failed and is held/);
    expect(stdout).toMatch(/\n✗ buildPhase failed with exit code 1/);
  });

  test('goes on as if the phase had succeeded', () => {
    const { status, stdout } = cli.runWith('continue\n', 'run', target, '--hold');
    expect(status).toBe(0);
    expect(stdout).toMatch(/\n✓ buildPhase /);
    expect(stdout).toMatch(/\nmade by hand: .* changes made while buildPhase was held\. /);
  });

  test('prints a command that enters the sandbox without root', async () => {
    const child = cli.start('run', target, '--hold');
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    await expectSoon(() => errors.includes('Then type here'));
    const command = /^ {4}(nsenter .*)$/m.exec(errors)?.[1] ?? '';
    const inside = cli.script(
      `${command} -ic 'ls here; type -t runPhase; test -d /.strata && echo sandbox' 2> /dev/null`,
    );
    child.stdin?.end('end\n');
    const status = await new Promise((resolve) => child.once('exit', resolve));
    expect({ inside: inside.stdout, status }).toEqual({
      inside: 'here\nfunction\nsandbox\n',
      status: 1,
    });
  });
});

/** How many processes of the machine were started with these words. */
function processes(words: string): number {
  const commandLine = `${words.replaceAll(' ', '\0')}\0`;
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === commandLine;
    } catch {
      // It has ended meanwhile.
      return false;
    }
  }).length;
}

/** Asks again and again for some seconds. */
async function expectSoon(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { timeout: 20_000, interval: 100 }).toBe(true);
}
