// `strata nix-shell`: the environment of a derivation outside the sandbox, its phases one by one.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn as spawnPty } from 'node-pty';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CommandLine, refusal } from './command-line.ts';

const program = fileURLToPath(new URL('../../../build/strata.mjs', import.meta.url));

let files: CommandLine;
beforeEach((context) => {
  if (refusal !== null) context.skip(refusal);
  files = new CommandLine();
});
afterEach(() => files.remove());

const shell = (...words: readonly string[]) => files.run('nix-shell', ...words);

describe('strata nix-shell', () => {
  test('runs all phases in order, in a directory that is kept, and writes outputs beside it', () => {
    const ran = shell('examples/hello', '--', 'runPhases && phases && echo "$out"');
    expect(ran.status, ran.stderr).toBe(0);
    expect(ran.stdout).toContain(' ✓ unpackPhase\n ✓ patchPhase\n ✓ configurePhase\n ✓ buildPhase');
    expect(ran.stdout).toContain(' - distPhase');
    const out = ran.stdout.trim().split('\n').at(-1) ?? '';
    expect(out).toContain(join(files.directory, 'data/strata/nix-shell/hello-1.0-'));
    expect(existsSync(join(out, 'bin/hello'))).toBe(true);
    expect(readdirSync(join(out, '..')).toSorted()).toStrictEqual(['dev', 'man', 'out']);

    // Another shell goes on where that one was, and knows what has been done.
    const again = shell('examples/hello', '--', 'pwd; ./hello; runPhases; phases | grep -c ✓');
    expect(again.stdout).toMatch(
      /\/build\/src\nHello, world!\nall phases have succeeded here; .*\n8\n$/,
    );
    const fresh = shell('examples/hello', '--fresh', '--', 'phases | grep -c ✓; ls -d src');
    expect(fresh.stdout).toBe('0\n');
  });

  test('ends a phase at its first error as a build does, in a list of commands too', () => {
    const ran = shell('examples/install-fails', '--', 'runPhases && echo went on; pwd');
    expect(ran.stdout).not.toContain('went on');
    // Not the phases behind it.
    expect(ran.stdout).not.toContain('Running phase: fixupPhase');
    expect(ran.stderr).toMatch(/installPhase failed with exit status 1, in .*\/build\/src/);
    expect(ran.stdout.trim().endsWith('/build/src')).toBe(true);
  });

  test('marks what failed, and what was run before a phase above it was run again', () => {
    const ran = shell(
      'examples/hello',
      '--',
      'runPhase installPhase; phases; runPhases > /dev/null 2>&1; runPhase buildPhase; phases; runPhases; phases | grep -c ✓',
    );
    expect(ran.stderr).toMatch(/installPhase failed with exit status \d+, in /);
    expect(ran.stdout).toContain(' ✗ installPhase\n');
    expect(ran.stdout).toContain(
      ' ✓ buildPhase\n ~ checkPhase (before a phase above it was run again)\n ~ installPhase',
    );
    // What was stale has run again, and nothing before it.
    const again = ran.stdout.slice(ran.stdout.lastIndexOf('~'));
    expect(again).toContain('Running phase: checkPhase');
    expect(again).not.toContain('Running phase: buildPhase');
    expect(again.endsWith('\n8\n')).toBe(true);
  });

  test('unpacks again only afresh: not into the sources that are there, nor over them', () => {
    const target = 'again.nix';
    writeFileSync(
      join(files.directory, target),
      `(import ./host-stdenv { }).mkDerivation {
       name = "again"; src = ./examples/hello/src; installPhase = "mkdir $out"; passAsFile = [ "note" ]; note = "kept";
       buildPhase = "given=yes; mkdir made; touch made/file; chmod a-w made"; }`,
    );
    const ran = shell(
      target,
      '--',
      `runPhases > /dev/null; touch mine; cd made
       runPhase unpackPhase; echo "$?, in \${PWD##*/}, \${given-}"
       startAfresh && pwd && ls .. ../outputs && echo "\${given-none} \${sourceRoot-none} $(< "$notePath")"
       runPhase unpackPhase && ls -d mine src; phases`,
    );
    expect(ran.stderr).toMatch(
      /unpackPhase was run here already, and .*\/build holds src\nstartAfresh removes that and the outputs; /,
    );
    expect(ran.stdout).toContain('2, in made, yes\n');
    expect(ran.stdout).toMatch(
      /\/build\n\.\.:\nbuild\noutputs\n\n\.\.\/outputs:\nnone none kept\n/,
    );
    expect(ran.stdout).toContain(' ✓ unpackPhase\n   patchPhase');
    expect(ran.stderr).toMatch(/'mine'.*\n.*'src'/);
  });

  test('hands variables, functions and the directory from phase to phase', () => {
    const target = files.write(
      'handing',
      `phases = [ "one" "two" ];
       one = "list=(a 'b c'); declare -gA map=([x]=1); greet() { echo \\"hi $1\\"; }; export GIVEN=yes; mkdir -p sub; cd sub";
       two = "printf '%s|' \\"\\\${list[@]}\\" \\"\\\${map[x]}\\"; greet you; sh -c 'echo $GIVEN'; pwd";`,
    );
    const ran = shell(target, '--', 'runPhase one && runPhase two; pwd; echo "${#list[@]}"');
    expect(ran.status, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('a|b c|1|hi you\nyes\n');
    expect(ran.stdout).toMatch(/\/build\/sub\n2\n$/);
  });

  test('of one target are several at a time, each with its own variables and command', () => {
    const target = files.write(
      'several',
      'phases = [ "one" ]; one = "sleep 1; echo \\"$WHO ran\\"";',
    );
    const one = (who: string): string =>
      `"$NODE" "$STRATA" nix-shell "$TARGET" -- 'WHO=${who}; runPhase one; echo "${who} has $WHO"'`;
    const ran = spawnSync('sh', ['-c', `${one('first')} & sleep 0.4; ${one('second')}; wait`], {
      cwd: files.directory,
      env: { ...files.env, NODE: process.execPath, STRATA: program, TARGET: target },
      encoding: 'utf8',
    });
    expect(ran.stderr).not.toContain('unexpected');
    for (const who of ['first', 'second']) {
      expect(ran.stdout).toContain(`${who} ran\n`);
      expect(ran.stdout).toContain(`${who} has ${who}\n`);
    }
    // What one shell and its phase hand each other goes with it.
    expect(shell(target, '--', 'ls "${NIX_BUILD_TOP%/*}/.strata"').stdout).not.toMatch(/^\d+\./m);
  });

  test('has structured attributes', () => {
    const ran = shell('examples/structured', '--', 'runPhases');
    expect(ran.status, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('first hook\nsecond hook');
  });

  test('is pure where that is asked for, and a person’s own otherwise', () => {
    files.env['MINE'] = 'yes';
    const print = 'echo "${MINE-none} $IN_NIX_SHELL"; [[ $PATH == *extra* ]] && echo extra';
    files.env['PATH'] = `${files.env['PATH'] ?? ''}:/extra`;
    expect(shell('examples/hello', '--', print).stdout).toBe('yes impure\nextra\n');
    expect(shell('examples/hello', '--pure', '--', print).stdout).toBe('none pure\n');
    // What the phases of the one made is not what those of the other would have made.
    const places = readdirSync(join(files.directory, 'data/strata/nix-shell'));
    expect(places.map((name) => name.replace(/[0-9a-f]{8}/, '…')).toSorted()).toStrictEqual([
      'hello-1.0-…',
      'hello-1.0-…-pure',
    ]);
  });

  test('says which phases there are where one is misspelt', () => {
    const ran = shell('examples/hello', '--', 'runPhase buildPhas');
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('there is no phase buildPhas; there are:\n   unpackPhase');
  });

  test('takes no directory for its own that has what it would write to and remove', () => {
    mkdirSync(join(files.directory, 'mine/build'), { recursive: true });
    writeFileSync(join(files.directory, 'mine/build/precious'), 'mine');
    const refused = shell('examples/hello', '--directory', 'mine', '--fresh', '--', 'true');
    expect(refused).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is build in it already') as string,
    });
    expect(existsSync(join(files.directory, 'mine/build/precious'))).toBe(true);
    mkdirSync(join(files.directory, 'yours'));
    expect(shell('examples/hello', '--directory', 'yours', '--', 'true').status).toBe(0);
    expect(shell('examples/hello', '--directory', 'yours', '--fresh', '--', 'true').status).toBe(0);
  });

  test('tells what differs from a build in its first lines, and completes phases', async () => {
    // Of a Ctrl-C between the fork of a program and its exec bash knows nothing: dash says when it is there.
    const sleeping = 'sleepPhase=sh -c "echo asleep; exec sleep 60"';
    const words = ['nix-shell', 'examples/hello', '--set', sleeping];
    const terminal = spawnPty(process.execPath, [program, ...words], {
      cwd: files.directory,
      env: { ...files.env, HOME: files.directory, TERM: 'dumb' },
      cols: 200,
    });
    let said = '';
    const waiting: (() => void)[] = [];
    terminal.onData((data) => {
      said += data;
      for (const wake of waiting.splice(0)) wake();
    });
    const shows = async (text: string): Promise<void> => {
      while (!said.includes(text)) await new Promise<void>((resolve) => waiting.push(resolve));
    };
    const ended = new Promise<number>((resolve) => {
      terminal.onExit(({ exitCode }) => resolve(exitCode));
    });
    await shows('distPhase');
    const lines = said.replaceAll('\r', '').split('\n');
    const first = lines.findIndex((line) => line.includes('No sandbox: '));
    expect(lines[first]).toContain('a real build does not');
    expect(lines[first + 1]).toMatch(/^\$dev is .*\/outputs\/dev, not in the store/);
    // The prompt's last character is that of the user's rights.
    await shows('build\u001b[0m ');
    terminal.write('runPhase unp\t\r');
    await shows('source root is src');
    await shows('build/src\u001b[0m ');
    // A shell is open there: nothing is taken away under it.
    const fresh = shell('examples/hello', '--fresh', '--', 'pwd');
    expect(fresh.status).not.toBe(0);
    expect(fresh.stderr).toContain('a nix-shell is open there');
    terminal.write('runPhase sleepPhase\r');
    await shows('asleep');
    terminal.write('\u0003');
    await shows('sleepPhase failed with exit status 130');
    terminal.write('exit 3\r');
    expect(await ended).toBe(3);
    expect(said).toContain('kept in ');
  });
});
