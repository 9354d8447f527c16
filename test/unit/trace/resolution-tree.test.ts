// The tree of who needs what, made of lookups.
import assert from 'node:assert/strict';
import { test } from 'vitest';
import type { Lookup, SearchedDirectory, TracedProcess } from '../../../src-main/trace/lookups.ts';
import {
  foundThrough,
  hasFailed,
  resolutionTree,
  type ResolutionNode,
} from '../../../src-main/trace/resolution-tree.ts';

const runpath = (directory: string): SearchedDirectory => ({
  directory,
  origin: 'RUNPATH',
  from: './prog',
});
const CACHE: SearchedDirectory = { directory: '/etc/ld.so.cache', origin: 'cache', from: null };

function lookup(parts: Partial<Lookup>): Lookup {
  return {
    library: 'libx.so',
    requestedBy: null,
    kind: 'startup',
    found: null,
    searched: [],
    tried: [],
    ...parts,
  };
}

function traced(lookups: readonly Lookup[]): TracedProcess {
  return {
    pid: 1,
    program: './prog',
    parent: null,
    phase: null,
    lookups,
    errors: [],
    initialisers: [],
  };
}

const shape = (nodes: readonly ResolutionNode[]): unknown =>
  nodes.map((node) => [node.lookup.library, shape(node.needs)]);

test('a library stands below the first that asked for it', () => {
  const { roots } = resolutionTree(
    traced([
      lookup({ library: 'liba.so', found: '/a/liba.so', requestedBy: './prog' }),
      lookup({ library: 'libc.so', found: '/c/libc.so' }),
      lookup({ library: 'libb.so', found: '/b/libb.so', requestedBy: '/a/liba.so' }),
      lookup({ library: 'libd.so', requestedBy: '/b/libb.so' }),
      lookup({ library: 'libself.so', found: '/s', requestedBy: '/s' }),
    ]),
  );
  assert.deepStrictEqual(shape(roots), [
    ['liba.so', [['libb.so', [['libd.so', []]]]]],
    ['libc.so', []],
    ['libself.so', []],
  ]);
});

test('what led to a file', () => {
  const searched = [runpath('/a'), runpath('/b'), CACHE];
  assert.deepStrictEqual(
    foundThrough(lookup({ found: '/b/libx.so', searched: searched.slice(0, 2) })),
    searched[1],
  );
  // A file that the cache names may lie in a directory that was searched.
  assert.deepStrictEqual(foundThrough(lookup({ found: '/a/libx.so', searched })), CACHE);
  const system: SearchedDirectory = { directory: '/', origin: 'system', from: null };
  assert.deepStrictEqual(
    foundThrough(lookup({ found: '/libx.so', searched: [...searched, system] })),
    system,
  );
  assert.deepStrictEqual(foundThrough(lookup({ searched })), null);
});

test('one library from two places', () => {
  const { duplicates } = resolutionTree(
    traced([
      lookup({ found: '/a/libx.so' }),
      lookup({ library: 'liby.so', found: '/a/liby.so' }),
      lookup({ library: '/b/libx.so', found: '/b/libx.so', kind: 'dlopen' }),
    ]),
  );
  assert.deepStrictEqual(duplicates, [{ library: 'libx.so', paths: ['/a/libx.so', '/b/libx.so'] }]);
});

test('a process has failed where something was not found, or an error was printed', () => {
  const found = traced([lookup({ found: '/a/libx.so' })]);
  assert.equal(hasFailed(found), false);
  assert.equal(hasFailed(traced([lookup({})])), true);
  const error = { library: null, text: 'undefined symbol: x', fatal: false };
  assert.equal(hasFailed({ ...found, errors: [error] }), true);
});
