import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { titled } from '../snapshots/mounted.ts';
import { CommandLine, eventsOf, refusal } from './command-line.ts';

const cli = new CommandLine();
afterAll(() => cli.remove());

describe('without a build', () => {
  test('nothing to do: the help, on standard error, and the status of a usage error', () => {
    const { status, stdout, stderr } = cli.run();
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: strata /);
  });

  test('help and version are no error', () => {
    expect(cli.run('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    for (const command of [
      'run',
      'plan',
      'ls',
      'diff',
      'cat',
      'compare',
      'log',
      'explain',
      'libs',
      'shell',
      'export',
      'import',
      'mount',
      'umount',
      'cache',
      'trace',
      'gc',
      'doctor',
    ]) {
      const { status, stdout } = cli.run(command, '--help');
      expect({ status, usage: stdout.split('\n')[0] }).toEqual({
        status: 0,
        usage: expect.stringContaining(`Usage: strata ${command}`) as string,
      });
      expect(cli.run('help', command).stdout).toBe(stdout);
    }
  });

  test.each([
    [['bogus'], "unknown command 'bogus'"],
    [['run', '--bogus'], "unknown option '--bogus'"],
    [['run', 'missing.nix'], 'opening missing.nix'],
    [['run', '--sandbox', 'strict', '--network'], '--network relaxes the sandbox'],
    [['diff', 'missing'], 'there is no snapshot of that id or name'],
    [['cat', 'missing'], 'give SNAPSHOT:PATH'],
    [['cat', 'missing:/x'], 'there is no snapshot of that id or name'],
    [['log', 'last'], 'no run has reached a phase'],
    [['shell', 'last:buildPhase'], 'no run has reached that phase'],
    [['export', 'oci', 'last:buildPhase', 'image'], 'no run has reached that phase'],
    [['export', 'bogus'], "unknown command 'bogus'"],
    [['mount', 'last:buildPhase', 'directory'], 'no run has reached that phase'],
    [['mount', 'last:buildPhase'], 'there is no directory named'],
    [['umount', '.'], 'no snapshot is mounted there'],
    [['cache', 'export', 'default.nix'], 'two are needed'],
    [['cache', 'add', 'missing'], 'there is no such directory, or nothing in it'],
    [['cache', 'remove', 'missing'], 'no build uses it'],
    [['libs'], 'no run has reached a phase'],
    [['libs', 'missing.log'], 'there is no run missing.log, and no file of that name'],
    [['trace'], 'no run has reached a phase'],
    [['trace', 'missing.log'], 'files that strace, bpftrace or sysdig wrote'],
    [['libs', 'examples'], 'give the files in it: examples/*'],
    [['gc', '--max-size', 'big'], 'It takes a size such as 500M or 10G'],
  ])('%j is status 2, and says why on standard error', (words, reason) => {
    const { status, stdout, stderr } = cli.run(...words);
    expect({ status, stdout: words.includes('missing.nix') ? '' : stdout }).toEqual({
      status: 2,
      stdout: '',
    });
    expect(stderr).toContain('strata: ');
    expect(stderr).toContain(reason);
  });

  test('a link to the program works from another directory, and is how it calls itself', () => {
    const { stdout, stderr } = cli.script(
      'mkdir bin elsewhere; ln -s "$STRATA" bin/strata; PATH=$PWD/bin:$PATH; unset -f strata; cd elsewhere; strata ls; strata diff x',
    );
    expect(stdout).toBe('no snapshots yet; a build makes them: strata run\n');
    expect(stderr).toContain('list them: strata ls\n');
  });

  test('libraries of an LD_DEBUG text, and one that is none', () => {
    const { status, stdout, stderr } = cli.script(
      `printf '%10d:\\t%s\\n' 7 'find library=libx.so [0]; searching' 7 ' search cache=/etc/ld.so.cache' 7 '' > ld.7
      strata libs ld.7; strata libs --missing --process 7 --json ld.7; echo hello > none; strata libs ld.7 none`,
    );
    const [first, ...rest] = stdout.split('\n');
    expect({ status, first }).toEqual({
      status: 2,
      first: 'a program that was not named  process 7',
    });
    expect(
      JSON.parse(
        rest
          .slice(rest.indexOf('[') + 1)
          .join('\n')
          .replace(/^[^[]*/, ''),
      ),
    ).toEqual([
      {
        pid: 7,
        program: null,
        phase: null,
        lookups: [
          {
            library: 'libx.so',
            requestedBy: null,
            kind: 'startup',
            found: null,
            searched: [{ directory: '/etc/ld.so.cache', origin: 'cache', from: null }],
            tried: [],
          },
        ],
        errors: [],
      },
    ]);
    expect(stderr).toContain('strata: reading none: it holds no line that ld.so prints');
  });

  test('without snapshots there is nothing to list', () => {
    expect(cli.run('ls').stdout).toContain('no snapshots yet');
    expect(cli.run('ls', '--json').stdout).toBe('[]\n');
  });

  test('a cache directory that cannot be made is said so', () => {
    const { status, stderr } = cli.script('XDG_CACHE_HOME=/dev/null strata ls');
    expect(status).toBe(2);
    expect(stderr).toContain('XDG_CACHE_HOME');
  });
});

describe.skipIf(refusal !== null)(titled('with builds', refusal), () => {
  test('doctor says that Strata can build here', () => {
    expect(cli.run('doctor')).toMatchObject({ status: 0, stderr: '' });
    const findings = JSON.parse(cli.run('doctor', '--json').stdout) as { name: string }[];
    expect(findings.map(({ name }) => name)).toContain('Nix');
  });

  test('an expression that cannot be evaluated is shown as Nix shows it', () => {
    const { status, stderr } = cli.script("echo 'let x = y; in x' > bad.nix; strata run bad.nix");
    expect(status).toBe(2);
    expect(stderr).toMatch(/strata: evaluating .*bad\.nix:\n/);
    expect(stderr).toContain("error: undefined variable 'y'");
    expect(stderr).toContain('bad.nix:1:9');
  });

  test('a builder that the sandbox does not show: why is said once, with all that is to be shown', () => {
    const { status, stdout, stderr } = cli.script(
      "NIX_CONFIG+=$'\\nsandbox-paths =' strata run examples/hello",
    );
    expect({ status, isToldTwice: stdout.includes('bwrap') }).toEqual({
      status: 2,
      isToldTwice: false,
    });
    expect(stderr).toContain('bwrap: execvp /bin/bash: No such file or directory\n');
    expect(stderr).toMatch(/sandbox-paths = \/bin \/usr( \/\S+)*\n/);
    const binds = /for this run: (--bind .*)\n/.exec(stderr)?.[1] ?? '';
    expect(
      cli.script(
        `NIX_CONFIG+=$'\\nsandbox-paths =' strata run examples/hello --until unpackPhase ${binds}`,
      ).status,
    ).toBe(0);
  });

  test('a dependency that fails is named, with its log and the way to run it', () => {
    cli.write('dependency', 'buildPhase = "echo - a line of its log; exit 3";');
    const target = cli.write('dependent', 'buildInputs = [ (import ./dependency.nix) ];');
    const { status, stderr } = cli.run('run', target);
    expect(status).toBe(1);
    expect(stderr).toContain('  - a line of its log\n');
    expect(stderr).toMatch(
      /run it by itself: \S+ \S+strata\.mjs run \/nix\/store\/\S+-dependency\.drv\n$/,
    );
  });

  describe('hello', () => {
    let events: readonly Record<string, unknown>[];
    beforeAll(() => {
      events = eventsOf(cli.run('run', 'examples/hello', '--json'));
    });

    test('run --json prints events of five kinds', () => {
      const first = events[0];
      expect(Object.keys(first ?? {})).toEqual(['event', 'run', 'derivation', 'outputs', 'phases']);
      const fields = new Map(events.map((event) => [event['event'], Object.keys(event).join()]));
      expect(Object.fromEntries(fields)).toEqual({
        planned: 'event,run,derivation,outputs,phases',
        'phase-started': 'event,phase',
        log: 'event,phase,line',
        'phase-finished': 'event,phase,status,snapshot,ms,exitCode',
        finished: 'event,status,ms,snapshot',
      });
      expect(events.at(-1)).toMatchObject({ event: 'finished', status: 'succeeded' });
    });

    test('plan --json prints the planned object, of no run', () => {
      const plan = JSON.parse(cli.run('plan', 'examples/hello', '--json').stdout) as Record<
        string,
        unknown
      >;
      expect(Object.keys(plan)).toEqual(['event', 'run', 'derivation', 'outputs', 'phases']);
      expect(plan['run']).toBeNull();
      expect(plan['phases']).toContainEqual({
        name: 'buildPhase',
        action: 'reuse',
        why: 'nothing it uses changed',
      });
    });

    test('again, everything is reused, and that is said to be unconfirmed', () => {
      const { status, stdout, stderr } = cli.run('run', 'examples/hello');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toContain('\n  ↺ buildPhase         reuse  saves ');
      expect(stdout).toContain('\n↺ buildPhase reused\n');
      expect(stdout).toContain('\n– distPhase skipped (doDist is not set)\n');
      expect(stdout).toMatch(/\n✓ built hello-1\.0 in .* saved by reuse {2}unconfirmed\n/);
      expect(stdout).not.toContain('\u001b');
      // installCheckPhase is the last, and changes nothing.
      expect(stdout).toMatch(/ diff \w+:fixupPhase +# what fixupPhase changed\n/);
      expect(stdout).toMatch(/ shell \w+:installCheckPhase +# a shell in the state reached\n/);
    });

    test('ls --json lists what ls lists', () => {
      const listed = JSON.parse(cli.run('ls', '--json').stdout) as Record<string, unknown>[];
      expect(Object.keys(listed[0] ?? {})).toEqual([
        'id',
        'run',
        'derivation',
        'phase',
        'parent',
        'status',
        'bytes',
        'createdAt',
      ]);
      const shown = cli.run('ls').stdout;
      for (const { id, phase } of listed)
        expect(shown).toMatch(new RegExp(`^  ${String(id)}  . ${String(phase)} `, 'm'));
    });

    test('diff says what a phase changed, cat shows a file of it', () => {
      const { stdout } = cli.run('diff', 'last:installPhase');
      expect(stdout).toMatch(/^A \/nix\/store\/\S+-hello-1\.0\/bin\/hello {2}\(.* KiB\)$/m);
      const changes = JSON.parse(
        cli.run('diff', 'last:unpackPhase', 'last:patchPhase', '--json').stdout,
      ) as object[];
      expect(changes).toContainEqual({
        path: '/build/src/main.c',
        kind: 'modified',
        type: 'file',
        size: expect.any(Number) as number,
        oldSize: expect.any(Number) as number,
        mode: 0o644,
        oldMode: 0o644,
      });
      expect(cli.run('cat', 'last:unpackPhase:/build/src/main.c').stdout).toContain('int main');
      const program = cli.run('cat', 'last:installPhase:out/bin/hello').stdout;
      expect(program.slice(1, 4)).toBe('ELF');
    });

    test('libs says what the programs of an output would find, which nobody ran', () => {
      const { stdout, status } = cli.run('libs', 'last:fixupPhase:out');
      expect(stdout).toMatch(
        /^\/nix\/store\/\S+-hello-1\.0\/bin\/hello {2}program, \S+\n.*libc\.so\.6 {2}\/.*\n\n1 file, 1 lookup; every library would be found\n$/,
      );
      const { id } =
        (JSON.parse(cli.run('ls', '--json').stdout) as Record<string, string>[]).find(
          ({ phase }) => phase === 'fixupPhase',
        ) ?? {};
      expect([status, cli.run('libs', `${id ?? ''}:out`).stdout]).toEqual([0, stdout]);
      const [file, ...others] = JSON.parse(
        cli.run('libs', 'last:fixupPhase:out/bin', '--process', 'hello', '--json').stdout,
      ) as Record<string, unknown>[];
      expect([Object.keys(file ?? {}), others]).toEqual([
        ['program', 'phase', 'kind', 'elf', 'lookups', 'errors', 'findings'],
        [],
      ]);
      // A phase alone is its trace, as before.
      expect(cli.run('libs', 'last:fixupPhase').stderr).toContain('fixupPhase was not traced');
      expect(cli.run('libs', 'last:fixupPhase:out/none').stderr).toContain(
        'there is no /nix/store/',
      );
    });

    test('what is no snapshot is refused with what may have been meant', () => {
      const refusal = (...words: readonly string[]): string => cli.run(...words).stderr;
      const run = String(events[0]?.['run']);
      for (const word of ['last', run.slice(0, 8)]) {
        expect(refusal('diff', word)).toMatch(
          new RegExp(
            `^strata: looking for the snapshot ${word}: that is a run, .*\nname the phase, as in ${word}:installCheckPhase; the run has unpackPhase, `,
          ),
        );
      }
      expect(refusal('shell', 'buildPhase')).toContain('name the run too: last:buildPhase ');
      expect(refusal('cat', 'last:buildPhase')).toContain(
        'it names no file of a snapshot\ngive SNAPSHOT:PATH, as in last:buildPhase:/',
      );
      expect(refusal('cat', 'last:/build')).toContain('name the phase, as in last:');
    });

    test('shell runs a command with the variables and functions of the phase, and ends as it ends', () => {
      const answer = cli.run(
        'shell',
        'last:buildPhase',
        '--',
        'echo "$pname $(type -t runPhase)"; exit 7',
      );
      expect(answer).toEqual({ status: 7, stdout: 'hello function\n', stderr: '' });
    });

    test('a reader that leaves early is no failure', () => {
      const { stdout, stderr } = cli.script(
        'strata ls | head -1 > /dev/null; echo "${PIPESTATUS[0]}"; strata cat last:buildPhase:/build/src/hello | head -c 1 > /dev/null; echo "${PIPESTATUS[0]}"',
      );
      expect({ stdout, stderr }).toEqual({ stdout: '0\n0\n', stderr: '' });
    });

    test('gc removes nothing unless told what, and then says what it freed', () => {
      expect(cli.run('gc').stdout).toContain('nothing was removed');
      const dry = cli.run('gc', '--older-than', '0', '--dry-run').stdout;
      expect(dry).toMatch(/^would free .* snapshots; then snapshots take /m);
      const before = cli.run('ls', '--json').stdout;
      expect(JSON.parse(before)).not.toEqual([]);
      expect(cli.run('gc', '--max-size', '1G').stdout).toMatch(/^nothing to remove; /);
      expect(cli.run('ls', '--json').stdout).toBe(before);
      expect(cli.run('gc', '--max-size', '0').stdout).toMatch(
        /^freed .* snapshots; snapshots take 0 B$/m,
      );
      expect(cli.run('ls', '--json').stdout).toBe('[]\n');
    });
  });
});
