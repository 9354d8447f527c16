/**
 * What leaves Strata, comes back or is shown, on disks that are too small: a tmpfs in a mount namespace of its own, in which
 * the program runs too.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine, refusal } from '../cli/command-line.ts';
import { titled } from '../snapshots/mounted.ts';

const isRoot = process.getuid?.() === 0;
const SNAPSHOT = 'last:buildPhase';

describe.skipIf(refusal !== null)(titled('on a disk that is too small', refusal), () => {
  const cli = new CommandLine();
  const image = join(cli.directory, 'image');
  const archive = join(cli.directory, 'image.tar');

  beforeAll(() => {
    cli.run('run', 'examples/install-fails', '-q');
    for (const destination of [image, archive]) cli.run('export', 'oci', SNAPSHOT, destination);
    cli.run('cache', 'export', 'examples/hello', '--inputs', 'whole');
  });
  afterAll(() => cli.remove());

  /** What a script prints, on both outputs, where `disk` is a file system of so many bytes. */
  function onDisk(size: string, script: string): string {
    const file = join(cli.directory, 'script');
    writeFileSync(file, `exec 2>&1; mount -t tmpfs -o size=${size} tmpfs disk\n${script}`);
    const enter = isRoot ? 'unshare --mount' : 'unshare --user --map-root-user --mount';
    return cli.script(`mkdir -p disk; export -f strata; ${enter} bash ${file}`).stdout;
  }

  it.each(['image', 'image.tar'])(
    'export oci leaves nothing of %s, and says what it needs',
    (name) => {
      const command = `strata export oci ${SNAPSHOT} disk/${name} | grep -v "^layer"; echo "status \${PIPESTATUS[0]}"`;
      const said = onDisk(
        '60k',
        `${command}; echo "left $(ls -A disk)"; mount -o remount,size=2m tmpfs disk
       ${command}; diff -r ${name} disk/${name} && echo the same; echo "left $(ls -A disk)"`,
      );
      expect(said).toMatch(
        new RegExp(
          [
            `strata: exporting primes-1.0 after buildPhase to ${cli.directory}/disk/${name}: ` +
              `no space is left on ${cli.directory}/disk: up to \\d+\\.\\d KiB are needed, 60.0 KiB are free\n` +
              'make room there, or name a place on a larger file system; nothing was left behind\n' +
              'status 2\nleft \n[^]*status 0\nthe same\n' +
              `left ${name}\n$`,
          ].join('\n'),
        ),
      );
      // What it asked for is enough.
      const needed = /up to (\S+) KiB/.exec(said)?.[1] ?? '';
      const kilobytes = Math.ceil(Number(needed)) + 80;
      expect(onDisk(`${kilobytes}k`, command)).toContain('status 0');
    },
  );

  it.each([
    ['a directory', image],
    ['an archive', archive],
  ])(
    'import oci keeps whole snapshots alone of %s, and goes on when there is room',
    (_, source) => {
      const command = `XDG_CACHE_HOME=$PWD/disk strata import oci ${source} 2>&1 | grep -v "^snapshot"; echo "status \${PIPESTATUS[0]}"`;
      const sizes = Array.from({ length: 8 }, (__, index) => `${16 + index * 60}k`);
      const told = new Set<string>();
      const whole = cli.run('ls', '--json').stdout;
      const all = JSON.parse(whole) as readonly { readonly phase: string }[];
      for (const size of sizes) {
        const said = onDisk(
          size,
          `${command}; find disk/strata -name ".new-*"; find disk/strata/active -mindepth 1 2>/dev/null
         mount -o remount,size=8m tmpfs disk; ${command}
         XDG_CACHE_HOME=$PWD/disk strata ls --json; find disk/strata -name ".new-*"`,
        );
        const [first = '', list = ''] = said.split(/status 0\n(?=\[)/);
        if (!first.includes('status 2')) continue;
        expect(first).toMatch(
          new RegExp(
            `^strata: importing ${source}: no space is left on ${cli.directory}/disk/strata: ` +
              '(about|at least) \\S+ KiB are needed, \\S+ (KiB|B) are free\n' +
              'make room there: .*\nor import into another cache: .*\nstatus 2\nimported \\d snapshots',
          ),
        );
        told.add(/(about|at least)/.exec(first)?.[1] ?? '');
        const imported = JSON.parse(list) as readonly unknown[];
        expect(all).toEqual(expect.arrayContaining([...imported]) as unknown);
      }
      expect([...told]).toContain('about');
    },
  );

  it.skipIf(!isRoot)(
    titled(
      'import oci tells a full store from a full cache',
      isRoot ? null : 'only root makes stores',
    ),
    () => {
      const said = onDisk(
        '60k',
        `XDG_CACHE_HOME=$PWD/own NIX_REMOTE=$PWD/disk/store strata import oci ${image} --inputs`,
      );
      expect(said).toMatch(
        /no space is left on \/nix\/store: [^]*make room there: nix-collect-garbage/,
      );
    },
  );

  it('cache export leaves a valid cache, and completes it when there is room', () => {
    const command = `strata cache export examples/hello --inputs disk/cache; echo "status $?"`;
    const verify = `paths=$(sed -n 's/^StorePath: //p' disk/cache/*.narinfo 2>/dev/null)
      [ -z "$paths" ] || nix --extra-experimental-features nix-command store verify --no-trust --recursive --store file://$PWD/disk/cache $paths 2>/dev/null && echo "$paths" | wc -w`;
    for (const size of ['4k', '40k', '60k']) {
      const said = onDisk(
        size,
        `export XDG_CACHE_HOME=$PWD/cache; ${command}
         find disk -name '*.tmp*'; XDG_CACHE_HOME=$PWD/of-nix; rm -rf of-nix; ${verify}
         mount -o remount,size=2m tmpfs disk; XDG_CACHE_HOME=$PWD/cache; ${command}; ${verify}; diff <(ls whole) <(ls disk/cache) && echo all`,
      );
      expect(said).toMatch(
        new RegExp(
          `strata: exporting to ${cli.directory}/disk/cache: no space is left on ${cli.directory}/disk/cache: ` +
            'up to \\S+ KiB are needed, \\S+ (KiB|B) are free\n' +
            'make room there and run it again: what was copied until now is a valid cache, to which it goes on\n' +
            'status 2\n[0-7]\n[^]*has all 8 paths[^]*status 0\n8\nall\n$',
        ),
      );
    }
  });

  it('cache add leaves the list as it was', () => {
    const said = onDisk(
      '16k',
      `export XDG_CONFIG_HOME=$PWD/disk; strata cache add whole >/dev/null; cat /dev/zero > disk/filling 2>/dev/null
       cp -r whole other; strata cache add other; echo "status $?"; strata cache list
       rm disk/filling; strata cache add other >/dev/null; strata cache list`,
    );
    const file = `${cli.directory}/disk/strata`;
    const [whole, other] = ['whole', 'other'].map((name) => `${cli.directory}/${name}  unsigned`);
    expect(said).toMatch(
      new RegExp(
        `^strata: writing ${file}/caches.json: no space is left on ${file}: about \\d+ B are needed, 0 B are free\n` +
          'make room there, or set XDG_CONFIG_HOME to another directory; the list is as it was\n' +
          `status 2\n${whole}\n${whole}\n${other}\n$`,
      ),
    );
  });

  it('mount takes back the directory it made where its record finds no room', () => {
    const said = onDisk(
      '8m',
      `export XDG_CACHE_HOME=$PWD/disk; strata import oci ${image} >/dev/null 2>&1
       cat /dev/zero > disk/filling 2>/dev/null
       strata mount ${SNAPSHOT} shown; echo "status $?"; ls -d shown; find disk/strata/mounts -type f
       rm disk/filling; strata mount ${SNAPSHOT} shown && ls shown/build && strata umount shown`,
    );
    expect(said).toMatch(
      new RegExp(
        `strata: writing ${cli.directory}/disk/strata/mounts/\\w+.json: no space is left on ${cli.directory}/disk/strata: 0 B are free\n` +
          'make room there: .* gc --max-size SIZE removes snapshots nothing needs\nstatus 2\n' +
          `ls: cannot access 'shown'.*\n[^]* is at ${cli.directory}/shown: [^]*is not at shown any more\n$`,
      ),
    );
  });

  it.skipIf(!isRoot)(
    titled('mount leaves no half copy', isRoot ? null : 'only root can become one who has to copy'),
    () => {
      // Nobody may mount, and has no fuse-overlayfs, so the files are copied.
      const said = onDisk(
        '20k',
        `mount --bind /dev/null "$(command -v fuse-overlayfs || echo disk)"
         cp -a cache nobodys; chown -R 65534 nobodys disk; chmod 755 .
         export XDG_CACHE_HOME=$PWD/nobodys HOME=$PWD/nobodys
         as_nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups bash -c "$*"; }
         as_nobody strata mount ${SNAPSHOT} disk/shown; echo "status $?"; ls -A disk
         mount -o remount,size=8m tmpfs disk; as_nobody strata mount ${SNAPSHOT} disk/shown; ls disk/shown/build
         as_nobody strata umount disk/shown; ls -A disk`,
      );
      expect(said).toMatch(
        new RegExp(
          `strata: showing primes-1.0 after buildPhase at ${cli.directory}/disk/shown: no space is left on ${cli.directory}/disk: ` +
            'up to \\S+ KiB are needed, 20.0 KiB are free\nmake room there, or name a place .*\nstatus 2\n' +
            `buildPhase .* is at ${cli.directory}/disk/shown: copied, [^]*is not at disk/shown any more\n$`,
        ),
      );
    },
  );
});
