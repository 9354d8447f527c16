// Why files were not taken, where the loader did not say it.
import assert from 'node:assert/strict';
import { test } from 'vitest';
import type { Lookup, TracedProcess, TryOutcome } from '../../../src-main/trace/lookups.ts';
import { WorkedOutOutcomes, hasUnknown } from '../../../src-main/trace/worked-out-outcomes.ts';
import { MadeUpRoot, library, program } from './made-up-root.ts';

function lookup(outcomes: Readonly<Record<string, TryOutcome>>): Lookup {
  const tried = Object.entries(outcomes).map(([path, outcome]) => ({ path, outcome }));
  return {
    library: 'liba.so',
    requestedBy: null,
    kind: 'startup',
    found: null,
    searched: [],
    tried,
  };
}

function traced(lookups: readonly Lookup[], name: string | null = '/prog'): TracedProcess {
  const nothing = { parent: null, phase: null, errors: [], initialisers: [] };
  return { pid: 1, program: name, lookups, ...nothing };
}

const ROOT = {
  '/prog': program(),
  '/text': 'text',
  '/narrow': library({ class: 'ELF32', machine: 'x86' }),
  '/arm': library({ machine: 'AArch64' }),
  '/later': library(),
  '/directory/file': 'text',
} as const;

test('each unknown outcome is what the file says now; one that would be taken now came later', async () => {
  const unknown = ['/gone', '/text', '/narrow', '/arm', '/directory', '/later', 'relative'];
  const list = [
    lookup({ '/taken': 'found', ...Object.fromEntries(unknown.map((path) => [path, 'unknown'])) }),
  ];
  const { lookups } = await new WorkedOutOutcomes(new MadeUpRoot(ROOT)).of(traced(list));
  assert.deepStrictEqual(
    lookups[0]?.tried.map(({ path, outcome }) => [path, outcome]),
    [
      ['/taken', 'found'],
      ['/gone', 'missing'],
      ['/text', 'not-elf'],
      ['/narrow', 'wrong-class'],
      ['/arm', 'wrong-machine'],
      ['/directory', 'refused'],
      ['/later', 'unknown'],
      ['relative', 'unknown'],
    ],
  );
});

test('processes that shared a list share the new one, and each path is looked at once', async () => {
  const root = new MadeUpRoot(ROOT);
  const outcomes = new WorkedOutOutcomes(root);
  const list = [lookup({ '/gone': 'unknown' }), lookup({ '/gone': 'unknown', '/text': 'unknown' })];
  const one = await outcomes.of(traced(list));
  const other = await outcomes.of(traced(list));
  assert.equal(one.lookups, other.lookups);
  assert.deepStrictEqual(
    root.asked.filter((path) => path !== '/prog'),
    ['/gone', '/text'],
  );
});

test('a list with nothing to work out stays the same array', async () => {
  const list = [lookup({ '/gone': 'missing' })];
  assert(!hasUnknown(list));
  const { lookups } = await new WorkedOutOutcomes(new MadeUpRoot(ROOT)).of(traced(list));
  assert.equal(lookups, list);
});

test('where nothing says what the process is, nothing is worked out', async () => {
  const process = traced([lookup({ '/gone': 'unknown' })], null);
  assert.equal(await new WorkedOutOutcomes(new MadeUpRoot(ROOT)).of(process), process);
});
