/** Cache directories that are no good: read-only, another's, on memory, on an overlay, a file, below /proc. NFS cannot be
 * had here without a server in the kernel; what is particular about it (no overlay, other machines' owners) is tested with
 * the copy backend and in test/engine/snapshots/sweep.test.ts. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nixReason } from '../real-nix.ts';
import { namespaceRefusal, titled } from '../snapshots/mounted.ts';
import { STDENV } from './build.ts';
import { engineProgram, newPlace, runEngine, type Place } from './engine-process.ts';
import type { Outcome } from './engine-program.ts';
import { WITHIN_REASON, strata } from './strata.ts';

const reason = nixReason ?? namespaceRefusal();
const PACKAGE = `${STDENV} {
  name = "tiny";
  phases = [ "onePhase" "installPhase" ];
  onePhase = "mkdir directory; echo one > directory/file";
  installPhase = "rm -r directory; mkdir directory; mkdir $out; cp -r directory $out/";
}`;

describe.skipIf(reason !== null)(titled('a cache directory', reason), () => {
  function placeWithPackage(): { readonly place: Place; readonly target: string } {
    const place = newPlace();
    const target = join(place.directory, 'default.nix');
    writeFileSync(target, PACKAGE);
    return { place, target };
  }

  /** Runs a script in a namespace of mounts; in it `build` builds into the cache `$1/cache`. */
  function inNamespace(script: string): {
    readonly outcomes: readonly Outcome[];
    readonly text: string;
  } {
    const { place, target } = placeWithPackage();
    const build = `build() { XDG_CACHE_HOME="$1/cache" "$2" "$3" "$4"; }; export LC_ALL=C; set -e; cd "$1"`;
    const words = ['sh', place.directory, process.execPath, engineProgram(), target];
    const { stdout, stderr, status } = spawnSync(
      'unshare',
      ['--user', '--map-root-user', '--mount', 'sh', '-c', `${build}\n${script}`, ...words],
      { env: place.env, cwd: place.directory, encoding: 'utf8', ...WITHIN_REASON },
    );
    if (status !== 0) throw new Error(`${stdout}${stderr}`);
    const lines = stdout.split('\n');
    const outcomes = lines.filter((line) => line.startsWith('{"kind"'));
    return { outcomes: outcomes.map((line) => JSON.parse(line) as Outcome), text: stdout };
  }

  it('in memory serves', () => {
    const { outcomes } = inNamespace('mount -t tmpfs tmpfs cache; build "$@"; build "$@"');
    expect(outcomes).toMatchObject([{ kind: 'succeeded' }, { kind: 'succeeded' }]);
  });

  it('on an overlay, as in a container, serves with copies', () => {
    const { outcomes, text } = inNamespace(`
      mount -t tmpfs tmpfs cache; mkdir cache/lower cache/upper cache/work cache/merged
      mount -t overlay -o userxattr,lowerdir=cache/lower,upperdir=cache/upper,workdir=cache/work overlay cache/merged
      mount --bind cache/merged cache
      build "$@"; build "$@"; cat cache/strata/backend.json; ls cache/strata/snapshots/*`);
    expect(outcomes).toMatchObject([{ kind: 'succeeded' }, { kind: 'succeeded' }]);
    expect(text).toContain('refused');
    expect(text).toMatch(/^tree$/m);
  });

  it('that became read-only is named, and what is in it can still be read', () => {
    const { outcomes, text } = inNamespace(`
      mount -t tmpfs tmpfs cache; build "$@"
      mkdir cache/strata/active/left; touch -d 2020-01-01 cache/strata/active/left
      mount -o remount,ro tmpfs "$1/cache"; build "$@"
      cd /; XDG_CACHE_HOME="$1/cache" "$2" ${new URL('../../../build/strata.mjs', import.meta.url).pathname} ls`);
    expect(outcomes).toMatchObject([
      { kind: 'succeeded' },
      {
        kind: 'refused',
        code: 'environment',
        reason: expect.stringContaining('the file system is read-only') as string,
        advice: 'set XDG_CACHE_HOME to a directory that can be written',
      },
    ]);
    expect(text).toMatch(/installPhase/);
  });

  it('that can be none is named at once', () => {
    const { place, target } = placeWithPackage();
    const file = join(place.directory, 'file');
    writeFileSync(file, '');
    for (const cache of ['/proc/strata-test', file, join(file, 'below'), '/dev/null']) {
      const { status, stderr } = strata(place, ['run', target], { env: { XDG_CACHE_HOME: cache } });
      expect(status, cache).toBe(2);
      expect(stderr).toContain('set XDG_CACHE_HOME to a directory that can be written');
    }
  });

  const isRoot = process.getuid?.() === 0;
  it.skipIf(isRoot)(
    titled('that this user may not write is named', isRoot ? 'root may write anywhere' : null),
    async () => {
      const { place, target } = placeWithPackage();
      mkdirSync(place.root);
      chmodSync(place.root, 0o500);
      expect(await runEngine(place, target)).toMatchObject({
        kind: 'refused',
        code: 'environment',
        reason: expect.stringContaining('permission denied') as string,
      });
      chmodSync(place.root, 0o700);
    },
  );
});
