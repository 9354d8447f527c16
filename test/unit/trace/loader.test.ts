// What is built into ld.so, and its cache: made-up bytes, and those of this machine against its own programs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'vitest';
import { parseLoaderCache } from '../../../src-main/trace/loader-cache.ts';
import { parseLoader } from '../../../src-main/trace/loader.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('a loader', () => {
  test('of nixpkgs has its own store path’s directories and cache', () => {
    const glibc = '/nix/store/wjc7q69wcxr5pg659pq8j7nzm517g57j-glibc-2.40';
    const text = `\u007fELF\0/proc/self/exe\0${glibc}/lib/\0/nix/store/abc-libgcc/lib/\0\0${glibc}/etc/ld.so.cache\0`;
    assert.deepStrictEqual(parseLoader(bytes(text)), {
      systemDirectories: [`${glibc}/lib`, '/nix/store/abc-libgcc/lib'],
      cache: `${glibc}/etc/ld.so.cache`,
    });
  });

  test('that names none gets the usual directories', () => {
    assert.deepStrictEqual(parseLoader(bytes('\u007fELF\0/dev/null\0/\0/')), {
      systemDirectories: ['/lib64', '/usr/lib64', '/lib', '/usr/lib'],
      cache: null,
    });
  });

  test('may be any file that a build names so, such as one of slashes alone', () => {
    const { cache } = parseLoader(Buffer.alloc(16 * 1024 * 1024, '/'));
    assert.strictEqual(cache, null);
  });

  const here = '/lib64/ld-linux-x86-64.so.2';
  test.skipIf(!existsSync(here))('of this machine searches what it says it does', () => {
    const { stdout } = spawnSync(here, ['--help'], { encoding: 'utf8' });
    // Since glibc 2.33: `  /lib (system search path)`.
    const said = Array.from(
      stdout.matchAll(/^ {2}(\/.*) \(system search path\)$/gm),
      ([, directory]) => directory,
    );
    const { systemDirectories, cache } = parseLoader(readFileSync(here));
    if (said.length > 0) assert.deepStrictEqual(systemDirectories, said);
    assert.match(cache ?? '', /\/ld\.so\.cache$/);
  });
});

/** A cache in the byte order that is said, with what an older format has before it. */
function madeUpCache(
  entries: readonly (readonly [string, string, number])[],
  big: boolean,
): Buffer {
  const header = Buffer.alloc(48 + entries.length * 24);
  const put = (value: number, at: number) =>
    big ? header.writeUInt32BE(value, at) : header.writeUInt32LE(value, at);
  header.write('glibc-ld.so.cache1.1', 'latin1');
  put(entries.length, 20);
  header[28] = big ? 3 : 2;
  const strings: Buffer[] = [];
  let end = header.length;
  const text = (value: string): number => {
    const at = end;
    strings.push(bytes(`${value}\0`));
    end += value.length + 1;
    return at;
  };
  for (const [index, [library, path, ability]] of entries.entries()) {
    put(text(library), 48 + index * 24 + 4);
    put(text(path), 48 + index * 24 + 8);
    put(ability, 48 + index * 24 + 20);
  }
  return Buffer.concat([bytes('ld.so-1.7.0\0older'), header, ...strings]);
}

describe('a cache', () => {
  test.each([false, true])('has whole paths by name (big-endian: %s)', (big) => {
    const cache = madeUpCache(
      [
        ['libz.so.1', '/lib/v3/libz.so.1', 7],
        ['libz.so.1', '/lib/libz.so.1', 0],
        ['libz.so.1', '/lib32/libz.so.1', 0],
        ['liba.so', '/lib/liba.so', 0],
      ],
      big,
    );
    assert.deepStrictEqual(Object.fromEntries(parseLoaderCache(cache)), {
      'libz.so.1': ['/lib/libz.so.1', '/lib32/libz.so.1'],
      'liba.so': ['/lib/liba.so'],
    });
  });

  test('that is cut anywhere gives what is whole', () => {
    const whole = madeUpCache([['liba.so', '/lib/liba.so', 0]], false);
    for (let length = 0; length < whole.length; length += 1) {
      const read = [...parseLoaderCache(whole.subarray(0, length)).values()].flat();
      assert.deepStrictEqual(read, []);
    }
  });

  const ldconfig = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  const there = ldconfig.status === 0 && existsSync('/etc/ld.so.cache');
  test.skipIf(!there)('of this machine has what ldconfig says', () => {
    const cache = parseLoaderCache(readFileSync('/etc/ld.so.cache'));
    const said = Array.from(
      ldconfig.stdout.matchAll(/^\t(\S+) \(([^)]*)\) => (.*)$/gm),
      ([, name = '', flags = '', path = '']) => ({ name, flags, path }),
    ).filter(({ flags }) => !flags.includes('hwcap'));
    assert(said.length > 0);
    for (const { name, path } of said) assert(cache.get(name)?.includes(path) === true, name);
  });
});
