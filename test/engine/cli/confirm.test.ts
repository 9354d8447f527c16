// What the layers gave, held against a build by Nix from scratch.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Confirmation } from '../../../src-main/engine/types.ts';
import { titled } from '../snapshots/mounted.ts';
import { CommandLine, refusal, type Answer } from './command-line.ts';

describe.skipIf(refusal !== null)(titled('a run confirmed by Nix', refusal), () => {
  let cli: CommandLine;
  // No store has built these before.
  const salt = `${process.pid}-${Date.now()}`;
  beforeAll(() => {
    cli = new CommandLine();
  });
  afterAll(() => cli.remove());

  function write(name: string, installPhase: string, more = ''): string {
    const file = `${name}.nix`;
    writeFileSync(
      join(cli.directory, file),
      `let stdenv = import ./host-stdenv { }; in stdenv.mkDerivation {
        name = "${name}"; dontUnpack = true; salt = "${salt}"; ${more}
        installPhase = ''${installPhase}'';
      }`,
    );
    return file;
  }

  const confirmed = (): { readonly answer: Answer; readonly confirmation: Confirmation } => {
    const answer = cli.run('confirm', '--json');
    return { answer, confirmation: JSON.parse(answer.stdout) as Confirmation };
  };

  test('is so where all is the same: links, modes, names and texts with the output’s path', () => {
    cli.run('run', write('same', 'touch $out $dev', 'outputs = [ "out" "dev" ];'));
    const file = write(
      'same',
      `mkdir -p $out/bin $out/empty; echo "#!/bin/sh" > $out/bin/tool; echo "echo $out" >> $out/bin/tool
       chmod 700 $out/bin/tool; ln -s $out/bin/tool $out/link; echo x > "$out/$(basename $out)"
       echo "main() { return 0; }" > a.c; cc -w -Wl,-rpath,$out/lib -Wl,--build-id a.c -o $out/bin/program
       mkdir -p $out/share/man/man1; echo "at $out" | gzip -n > $out/share/man/man1/tool.1.gz; mkdir $dev; ln -s $out $dev/out`,
      'outputs = [ "out" "dev" ];',
    );
    expect(cli.run('run', file).stdout).toContain('unconfirmed');
    expect(cli.run('ls').stdout).toMatch(/^same {2}run \w+ {2}unconfirmed$/m);
    const { answer, confirmation } = confirmed();
    expect(answer.status).toBe(0);
    expect(confirmation).toMatchObject({
      kind: 'compared',
      outcome: 'identical',
      isDeterministic: true,
      differences: [],
      following: [{ output: 'out', path: '/bin/program', why: 'build-id' }, { why: 'compressed' }],
    });
    expect(answer.stderr).toContain('building it with Nix');
    expect(cli.run('ls').stdout).toMatch(/^same {2}run \w+ {2}confirmed by Nix$/m);
    const again = cli.run('confirm');
    expect(again.stdout).toMatch(/^✓ same is confirmed: .*\n {2}1 program differ/);
    expect(again.stderr).toContain('building it again with Nix');
    // What reuses all of it ends in the state that was confirmed.
    expect(cli.run('run', file).stdout).not.toContain('unconfirmed');
  }, 120_000);

  test('is built by Nix with the settings that the run was given', () => {
    const file = write('settings', 'echo $NIX_BUILD_CORES > $out');
    cli.run('run', file, '--option', 'cores', '7', '--option', 'access-tokens', 'host=secret');
    const { answer, confirmation } = confirmed();
    expect(answer.stderr).toContain('building it with Nix');
    expect(confirmation).toMatchObject({ kind: 'compared', outcome: 'identical' });
    const words = ['shell', 'last:installPhase', '--', 'cat $out; echo $NIX_BUILD_CORES'];
    expect(cli.run(...words).stdout).toMatch(/^7\n7\n/m);
    const runs = join(cli.cache, 'runs');
    const records = readdirSync(runs).map((id) => readFileSync(join(runs, id, 'run.json'), 'utf8'));
    expect(records.join()).toContain('"options":[["cores","7"]]');
    expect(records.join()).not.toContain('secret');
  }, 120_000);

  test('differs by what a shell changed by hand, with the state that holds it', () => {
    const file = write(
      'by-hand',
      'mkdir $out; echo right > $out/file; echo x > $out/gone; touch $out/tool',
    );
    cli.run('run', file);
    cli.run(
      'shell',
      'last:installPhase',
      '--keep',
      'bent',
      '--',
      'echo wrong > $out/file; rm $out/gone; chmod +x $out/tool; touch $out/more',
    );
    cli.run('run', file, '--from', 'bent');
    const { answer, confirmation } = confirmed();
    expect(answer.status).toBe(1);
    if (confirmation.kind !== 'compared') throw new Error(answer.stdout);
    expect(confirmation.differences.map(({ path, kind, phase }) => [path, kind, phase])).toEqual([
      ['/file', 'contents', 'the shell kept as bent'],
      ['/gone', 'only-nix', 'the shell kept as bent'],
      ['/more', 'only-layered', 'the shell kept as bent'],
      ['/tool', 'executable', 'the shell kept as bent'],
    ]);
    expect(cli.run('ls').stdout).toContain('differs from Nix’s build');
  }, 120_000);

  test('says which phase made what differs, and whether Nix agrees with itself', () => {
    const file = write(
      'random',
      'mkdir $out; echo $RANDOM$RANDOM > $out/number; echo same > $out/same',
    );
    cli.run('run', file);
    const first = confirmed();
    expect(first.confirmation).toMatchObject({
      outcome: 'different',
      isDeterministic: true,
      differences: [{ output: 'out', path: '/number', phase: 'installPhase' }],
    });
    const { status, stdout } = cli.run('confirm', 'last');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^✗ random is not what Nix builds from scratch: 1 path of 3 differs\n/);
    expect(stdout).toContain('\n  installPhase\n    out/number  ');
    expect(stdout).toContain('it is not deterministic');
  }, 120_000);

  test('is told where Nix cannot build it', () => {
    const file = write('hostly', 'cat /var/tmp/strata-confirm-no-such-file && touch $out');
    expect(cli.run('run', file).status).toBe(1);
    const none = cli.run('confirm');
    expect(none).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('the run has no result') as string,
    });

    const seen = write('seen', `cat ${join(cli.directory, 'seen.nix')} > /dev/null; touch $out`);
    expect(cli.run('run', seen, '--bind', cli.directory).status).toBe(0);
    const { status, stderr } = cli.run('confirm');
    expect(status).toBe(1);
    expect(stderr).toMatch(/\nseen failed in installPhase\n/);
    expect(stderr).toContain('seen.nix: No such file or directory');
  }, 120_000);

  test('is refused where it was built of other values than the derivation’s', () => {
    cli.run('run', write('with-set', 'touch $out'), '--set', 'x=1');
    expect(cli.run('confirm')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--set') as string,
    });
    expect(cli.run('confirm', 'nosuchrun')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no such run') as string,
    });
  });
});
