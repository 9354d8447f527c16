// Where a library was looked for, as people think of it: directories, with those that ld.so passed over in silence.
import assert from 'node:assert/strict';
import { describe, test } from 'vitest';
import type { Lookup, SearchedDirectory } from '../../../src-main/trace/lookups.ts';
import { searchedPlaces } from '../../../src-main/trace/searched-places.ts';

const runpath = (directory: string, from = './prog'): SearchedDirectory => ({
  directory,
  origin: 'RUNPATH',
  from,
});
const rpath = (directory: string): SearchedDirectory => ({
  directory,
  origin: 'RPATH',
  from: './prog',
});
const variable = (directory: string): SearchedDirectory => ({
  directory,
  origin: 'LD_LIBRARY_PATH',
  from: null,
});
const system = (directory: string): SearchedDirectory => ({
  directory,
  origin: 'system',
  from: null,
});
const CACHE: SearchedDirectory = { directory: '/etc/ld.so.cache', origin: 'cache', from: null };

function lookup(parts: Partial<Lookup>): Lookup {
  return {
    library: 'libx.so',
    requestedBy: './prog',
    kind: 'startup',
    found: null,
    searched: [],
    tried: [],
    ...parts,
  };
}

/** The last one's. */
const placesAfter = (...lookups: readonly Partial<Lookup>[]): unknown =>
  searchedPlaces(lookups.map(lookup))
    .at(-1)
    ?.map(({ directory, outcome }) => [directory, outcome]);

test('subdirectories for processors are counted with their directory', () => {
  const directories = [
    '/a/glibc-hwcaps/x86-64-v4',
    '/a/glibc-hwcaps/x86-64-v3',
    '/a/tls/haswell/x86_64',
    '/a/tls',
    '/a/x86_64',
    '/a',
    '/a/lib',
    '/b/x86_64-linux-gnu',
    '/b',
  ];
  const [places = []] = searchedPlaces([
    lookup({
      searched: [...directories.map((directory) => runpath(directory)), CACHE],
      tried: [
        ...['/a', '/a/lib'].map((directory) => ({
          path: `${directory}/libx.so`,
          outcome: 'missing' as const,
        })),
        { path: '/elsewhere/libx.so', outcome: 'wrong-class' },
      ],
    }),
  ]);
  assert.deepStrictEqual(
    places.map(({ directory, outcome, variants }) => [directory, outcome, variants]),
    [
      ['/a', 'missing', 5],
      ['/a/lib', 'missing', 0],
      ['/b/x86_64-linux-gnu', null, 0],
      ['/b', null, 0],
      ['/etc/ld.so.cache', 'wrong-class', 0],
    ],
  );
});

describe('what ld.so found not to exist once, it passes over in silence', () => {
  test('a directory of a part that it prints', () => {
    assert.deepStrictEqual(
      placesAfter(
        { found: '/c/libc.so', searched: ['/a/tls', '/a', '/b', '/c'].map((one) => runpath(one)) },
        { searched: [runpath('/b'), runpath('/c'), CACHE] },
      ),
      [
        ['/a', 'passed-over'],
        ['/b', null],
        ['/c', null],
        ['/etc/ld.so.cache', null],
      ],
    );
  });

  test('a whole part, which stands where it is searched', () => {
    assert.deepStrictEqual(
      placesAfter(
        {
          found: '/lib/libc.so',
          searched: [variable('/v'), runpath('/driver'), CACHE, system('/lib'), system('/gone')],
        },
        { searched: [variable('/v'), CACHE, system('/lib')], kind: 'dlopen' },
      ),
      [
        ['/v', null],
        ['/driver', 'passed-over'],
        ['/etc/ld.so.cache', null],
        ['/lib', null],
        ['/gone', 'passed-over'],
      ],
    );
  });

  test('but what it did not come to was not passed over', () => {
    const first = {
      searched: [rpath('/r'), variable('/v'), runpath('/a'), CACHE, system('/lib')],
    };
    assert.deepStrictEqual(
      placesAfter(first, { found: '/v/liby.so', searched: [variable('/v')] }),
      [
        ['/r', 'passed-over'],
        ['/v', null],
      ],
    );
    assert.deepStrictEqual(
      placesAfter(first, {
        library: '/x/liby.so',
        searched: [{ ...system('/x'), origin: 'direct' }],
      }),
      [['/x', null]],
    );
  });

  test('the RUNPATH of another file is not searched, LD_LIBRARY_PATH is for everybody', () => {
    assert.deepStrictEqual(
      placesAfter(
        { found: '/a/liba.so', searched: [variable('/v'), variable('/w'), runpath('/a')] },
        { requestedBy: '/a/liba.so', searched: [variable('/w'), runpath('/l', '/a/liba.so')] },
      ),
      [
        ['/v', 'passed-over'],
        ['/w', null],
        ['/l', null],
      ],
    );
  });

  test('a directory that is printed for the first time is added to those known', () => {
    assert.deepStrictEqual(
      placesAfter(
        { searched: [runpath('/a'), runpath('/b')] },
        { searched: [runpath('/b'), runpath('/c')] },
        { searched: [runpath('/c')] },
      ),
      [
        ['/a', 'passed-over'],
        ['/b', 'passed-over'],
        ['/c', null],
      ],
    );
  });
});
