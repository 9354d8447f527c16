import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine, refusal } from '../cli/command-line.ts';
import { titled } from '../snapshots/mounted.ts';

interface Exported {
  readonly paths: number;
  readonly repaired: readonly string[];
  readonly publicKey: string | null;
  readonly settings: readonly (readonly [string, string])[];
}

describe.skipIf(refusal !== null)(titled('binary caches', refusal), () => {
  const cli = new CommandLine();
  const cache = join(cli.directory, 'cache-of-hello');
  let first: Exported;
  afterAll(() => cli.remove());

  function exported(...words: readonly string[]): Exported {
    const { status, stdout, stderr } = cli.run('cache', 'export', ...words, '--json');
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Exported;
  }

  /** What is in a cache, as Nix finds it there alone, each archive compared with its digest. */
  function verified(directory: string): readonly string[] {
    const nix = ['--extra-experimental-features', 'nix-command'];
    const store = ['--store', `file://${directory}`];
    const env = { ...cli.env, XDG_CACHE_HOME: join(cli.directory, 'nix-cache') };
    rmSync(env.XDG_CACHE_HOME, { recursive: true, force: true });
    const paths = readdirSync(directory)
      .filter((name) => name.endsWith('.narinfo'))
      .map(
        (name) => /^StorePath: (.*)$/m.exec(readFileSync(join(directory, name), 'utf8'))?.[1] ?? '',
      );
    if (paths.length === 0) return [];
    const verify = [...nix, 'store', 'verify', '--no-trust', '--recursive', ...store, ...paths];
    const { status, stderr } = spawnSync('nix', verify, { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return paths.toSorted();
  }

  beforeAll(() => {
    cli.env['XDG_CONFIG_HOME'] = join(cli.directory, 'config');
    first = exported('examples/hello', '--inputs', cache);
  });

  it('hold what a target gives and is built from, and are found whole by Nix', () => {
    const paths = verified(cache);
    expect(first).toMatchObject({
      paths: paths.length,
      repaired: [],
      publicKey: null,
      settings: [['extra-substituters', `file://${cache}?trusted=1`]],
    });
    expect(paths.map((path) => path.replace(/^\/nix\/store\/\w{32}-/, ''))).toEqual(
      expect.arrayContaining(['hello-1.0', 'host-stdenv', 'src']) as string[],
    );
  });

  it('leave the inputs out where they are not asked for', () => {
    const outputs = join(cli.directory, 'outputs');
    expect(exported('examples/hello', outputs).paths).toBeLessThan(first.paths);
    expect(verified(outputs).some((path) => path.endsWith('host-stdenv'))).toBe(false);
  });

  it.each(['none', 'xz', 'zstd'])('have archives compressed by %s', (compression) => {
    const directory = join(cli.directory, `by-${compression}`);
    exported('examples/hello', '--compression', compression, directory);
    const suffix = { none: '.nar', xz: '.nar.xz', zstd: '.nar.zst' }[compression] ?? '';
    expect(readdirSync(join(directory, 'nar')).every((name) => name.endsWith(suffix))).toBe(true);
    expect(verified(directory)).not.toEqual([]);
  });

  it('are signed where a key is given, also what was there before', () => {
    const [secret, pub] = [join(cli.directory, 'secret'), join(cli.directory, 'public')];
    execFileSync('nix-store', ['--generate-binary-cache-key', 'test-1', secret, pub]);
    const directory = join(cli.directory, 'signed');
    exported('examples/hello', directory);
    const { publicKey, settings } = exported(
      'examples/hello',
      '--inputs',
      '--key',
      secret,
      directory,
    );
    expect(publicKey).toBe(readFileSync(pub, 'utf8'));
    expect(settings).toEqual([
      ['extra-substituters', `file://${directory}`],
      ['extra-trusted-public-keys', publicKey],
    ]);
    const entries = readdirSync(directory).filter((name) => name.endsWith('.narinfo'));
    for (const name of entries) {
      expect(readFileSync(join(directory, name), 'utf8')).toContain('\nSig: test-1:');
    }
  });

  it('feed the builds of Strata in a store that has nothing, once they are added', () => {
    const store = join(cli.directory, 'store');
    mkdirSync(store);
    cli.run('run', 'examples/install-fails', '-q');
    const stands = join(cli.directory, 'stands');
    expect(cli.run('cache', 'export', 'last:buildPhase', stands).status).toBe(0);
    cli.run('export', 'oci', 'last:buildPhase', join(cli.directory, 'image'));
    expect(cli.run('cache', 'add', stands).stdout).toContain(
      `the next builds fetch from ${stands}`,
    );
    expect(cli.run('cache', 'list').stdout).toBe(`${stands}  unsigned\n`);
    const before = { ...cli.env };
    Object.assign(cli.env, { NIX_REMOTE: store, XDG_CACHE_HOME: join(cli.directory, 'fresh') });
    try {
      const { stdout } = cli.run('import', 'oci', 'image');
      expect(stdout).toContain("not in this machine's store");
      // A store elsewhere shows no paths at /nix/store; what counts is that they came.
      cli.run('shell', 'last:buildPhase', '--', 'true');
      const came = readdirSync(join(store, 'nix', 'store'));
      expect(came.some((name) => name.endsWith('-host-stdenv'))).toBe(true);
    } finally {
      Object.assign(cli.env, before);
      Reflect.deleteProperty(cli.env, 'NIX_REMOTE');
    }
    expect(cli.run('cache', 'remove', stands).status).toBe(0);
    expect(cli.run('cache', 'list', '--json').stdout.trim()).toBe('[]');
  });

  it('are mended by the next export, where archives were lost or cut off', () => {
    const directory = join(cli.directory, 'mended');
    const { paths } = exported('examples/hello', '--compression', 'none', directory);
    const [one = '', another = ''] = readdirSync(join(directory, 'nar'));
    rmSync(join(directory, 'nar', one));
    appendFileSync(join(directory, 'nar', another), 'x');
    const added = cli.run('cache', 'add', directory);
    expect(added.status).toBe(2);
    expect(added.stderr).toMatch(
      /its archive nar\/\S+ (is missing|has \d+ bytes, and it says \d+)/,
    );
    expect(exported('examples/hello', '--compression', 'none', directory)).toMatchObject({
      paths,
      repaired: [
        expect.stringContaining('.narinfo'),
        expect.stringContaining('.narinfo'),
      ] as string[],
    });
    expect(verified(directory).length).toBe(paths);
  });

  /** Other bytes of the same number, in the archive of such a number. */
  function damage(directory: string, at: number): string {
    const archive = join(directory, 'nar', readdirSync(join(directory, 'nar'))[at] ?? '');
    const bytes = readFileSync(archive);
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    chmodSync(archive, 0o644);
    writeFileSync(archive, bytes);
    return archive;
  }

  it('are mended where an archive has other bytes of the same number, with its entry or without', () => {
    const directory = join(cli.directory, 'mended-bytes');
    const how = ['examples/hello', '--inputs', '--compression', 'none', directory];
    const { paths } = exported(...how);
    const before = readdirSync(join(directory, 'nar'));
    const [, orphan] = [damage(directory, 0), damage(directory, 1)];
    // Nix would take this one for whole, by its name.
    const entries = readdirSync(directory).filter((name) => name.endsWith('.narinfo'));
    const isOrphans = (name: string): boolean =>
      readFileSync(join(directory, name), 'utf8').includes(`URL: nar/${basename(orphan)}\n`);
    for (const name of entries.filter(isOrphans)) rmSync(join(directory, name));
    const { repaired } = exported(...how);
    expect(repaired).toHaveLength(2);
    expect(verified(directory).length).toBe(paths);
    expect(readdirSync(join(directory, 'nar'))).toEqual(before);
    expect(exported(...how).repaired).toEqual([]);
  });

  it('are refused where an archive has other bytes of the same number', () => {
    const directory = join(cli.directory, 'other-bytes');
    exported('examples/hello', '--compression', 'none', directory);
    damage(directory, 0);
    const { status, stderr } = cli.run('cache', 'add', directory);
    expect(status).toBe(2);
    expect(stderr).toMatch(/has the digest sha256:\w{52}, and it says sha256:\w{52}/);
  });

  it.each(['none', 'xz', 'zstd'])(
    'are refused where an entry does not match what is in its archive (%s), and mended',
    (compression) => {
      const directory = join(cli.directory, `other-entry-${compression}`);
      const how = ['examples/hello', '--compression', compression, directory];
      const { paths } = exported(...how);
      const [digest = '', size = ''] = readdirSync(directory)
        .filter((name) => name.endsWith('.narinfo'))
        .map((name) => join(directory, name));
      const edit = (file: string, change: (text: string) => string): void =>
        writeFileSync(file, change(readFileSync(file, 'utf8')));
      edit(digest, (text) =>
        text.replace(
          /^NarHash: sha256:(.)/m,
          (_, first) => `NarHash: sha256:${first === '0' ? 1 : 0}`,
        ),
      );
      if (paths > 1) edit(size, (text) => text.replace(/^NarSize: /m, 'NarSize: 1'));
      const { status, stderr } = cli.run('cache', 'add', directory);
      expect(status).toBe(2);
      expect(stderr).toMatch(/what is in nar\/\S+ has (the digest|\d+ bytes)/);
      expect(exported(...how).repaired).toHaveLength(Math.min(paths, 2));
      expect(verified(directory).length).toBe(paths);
    },
  );

  it('are fetched from by builds of Nix itself too', ({ skip }) => {
    const directory = join(cli.directory, 'for-nix');
    const target = join(cli.directory, 'fetched.nix');
    writeFileSync(
      target,
      `derivation { name = "fetched-${process.pid}"; system = builtins.currentSystem; builder = "/bin/sh";
        args = [ "-c" "echo built > $out" ]; }`,
    );
    const [out = ''] =
      /\/nix\/store\/\S+fetched-\d+$/m.exec(cli.run('nix-build', target, '--no-out-link').stdout) ??
      [];
    expect(cli.run('cache', 'export', target, directory).status).toBe(0);
    // The export keeps it from the collector, which only who owns the store may pass over.
    const words = ['--delete', '--ignore-liveness', out];
    const removed = spawnSync('nix-store', words, { env: cli.env, encoding: 'utf8' });
    if (removed.status !== 0) skip('this user may not take paths out of the store');
    expect(cli.run('cache', 'add', directory).status).toBe(0);
    try {
      const { stdout } = cli.run('nix-build', target, '--no-out-link', '--json');
      expect(stdout).toContain('"event":"transfer"');
      expect(stdout).not.toContain('"state":"built"');
    } finally {
      cli.run('cache', 'remove', directory);
    }
  });

  it.each([
    ['a directory with something else', 'examples', 'there is no nix-cache-info in it'],
    ['a name that Nix cannot take', 'with blank', 'the path has blanks'],
  ])('are not written to %s', (_, directory, reason) => {
    const { status, stderr } = cli.run('cache', 'export', 'examples/hello', directory);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining(reason) as string,
    });
    expect(existsSync(join(cli.directory, directory, 'nix-cache-info'))).toBe(false);
  });

  const noRefusal = process.getuid?.() === 0 ? 'root may write everywhere' : null;
  it.skipIf(noRefusal !== null)(titled('are their owner’s to write to', noRefusal), () => {
    const directory = join(cli.directory, 'owned');
    exported('examples/hello', directory);
    chmodSync(join(directory, 'nar'), 0o555);
    const { status, stderr } = cli.run('cache', 'export', 'examples/hello', '--inputs', directory);
    chmodSync(join(directory, 'nar'), 0o755);
    expect(status).toBe(2);
    expect(stderr).toContain('let whoever owns the cache export to it');
  });

  it('are of one store', () => {
    const directory = join(cli.directory, 'of-another');
    mkdirSync(directory);
    writeFileSync(join(directory, 'nix-cache-info'), 'StoreDir: /gnu/store\n');
    for (const words of [
      ['cache', 'add', directory],
      ['cache', 'export', 'examples/hello', directory],
    ]) {
      expect(cli.run(...words).stderr).toContain('it is a cache of the store /gnu/store');
    }
  });

  describe('while they are written', () => {
    // Large enough to be met half way.
    const target = join(cli.directory, 'large.nix');
    beforeAll(() => {
      writeFileSync(
        target,
        `derivation { name = "large"; system = builtins.currentSystem; builder = "/bin/bash";
          inputs = map (n: builtins.toFile "part-\${toString n}" (toString (builtins.genList (m: n * m) 20000))) (builtins.genList (n: n) 60);
          args = [ "-c" "echo $inputs > $out" ]; }`,
      );
    });

    it('are valid at each moment one is killed, and completed by the next', async () => {
      const directory = join(cli.directory, 'killed');
      // Whatever the instant is, the rest holds.
      for (const moment of [5, 25, 45]) {
        const child = cli.start('cache', 'export', target, '--compression', 'xz', directory);
        const gone = new Promise((resolve) => child.once('exit', resolve));
        const entries = (): number =>
          existsSync(directory)
            ? readdirSync(directory).filter((name) => name.endsWith('.narinfo')).length
            : 0;
        const patience = Date.now() + 60_000;
        while (entries() < moment && child.exitCode === null && Date.now() < patience)
          await sleep(2);
        child.kill('SIGKILL');
        await gone;
        // Nix itself ends a moment after the engine that started it.
        await sleep(300);
        verified(directory);
      }
      const { paths } = exported(target, '--compression', 'xz', directory);
      expect(verified(directory).length).toBe(paths);
    });

    it('may be written by several', async () => {
      const directory = join(cli.directory, 'several');
      const writers = [1, 2].map(() =>
        cli.start('cache', 'export', target, '--compression', 'none', directory),
      );
      const statuses = await Promise.all(
        writers.map((child) => new Promise((resolve) => child.once('exit', resolve))),
      );
      expect(statuses).toEqual([0, 0]);
      expect(verified(directory).length).toBe(61);
    });
  });
});
