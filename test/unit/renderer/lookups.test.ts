/** What the Libraries pane makes of traced lookups. */
import { describe, expect, it } from 'vitest';
import type { LibrariesView, LookupView } from '../../../src-main/protocol/methods.ts';
import {
  shownLookups,
  shownProcesses,
  tellingTries,
} from '../../../src-renderer/libraries/lookups.ts';

function lookup(library: string, change: Partial<LookupView> = {}): LookupView {
  return {
    library,
    requestedBy: null,
    kind: 'startup',
    found: `/lib/${library}`,
    through: null,
    places: [],
    tried: [],
    ...change,
  };
}

const libc = lookup('libc.so.6');
const driver = lookup('libdriver.so', {
  kind: 'dlopen',
  found: null,
  tried: [
    { path: '/lib/libdriver.so', outcome: 'missing' },
    { path: '/opt/libdriver.so', outcome: 'wrong-class' },
  ],
});

const libraries: LibrariesView = {
  traced: ['checkPhase'],
  processes: [
    { pid: 4, program: '/bin/make', parent: null, phase: 'checkPhase', lookups: 0, errors: [] },
    { pid: 16, program: './render', parent: null, phase: 'checkPhase', lookups: 1, errors: [] },
  ],
  lists: [
    { lookups: 1, misses: 0 },
    { lookups: 2, misses: 1 },
  ],
  silent: { programs: [], untold: [] },
  notUnderstood: 0,
};

describe('the processes', () => {
  const named = (words: string, missing = false, lists: readonly number[] | null = null) =>
    shownProcesses(libraries, { words, missing }, lists === null ? null : new Set(lists)).map(
      ({ process, misses }) => [process.pid, misses],
    );

  it('are found by their program or a library, with how much each missed', () => {
    expect(named('')).toStrictEqual([
      [4, 0],
      [16, 1],
    ]);
    expect(named('MAKE', false, [])).toStrictEqual([[4, 0]]);
    expect(named('libdriver', false, [1])).toStrictEqual([[16, 1]]);
  });

  it('are those that missed something where only these are wanted', () => {
    expect(named('', true)).toStrictEqual([[16, 1]]);
  });

  it('show the lookups that match, and all where the program does', () => {
    const [, render] = libraries.processes;
    if (render === undefined) throw new Error('two processes');
    const names = (words: string, missing = false) =>
      shownLookups([libc, driver], render, { words, missing }).map(({ library }) => library);
    expect(names('libc')).toStrictEqual(['libc.so.6']);
    expect(names('render')).toStrictEqual(['libc.so.6', 'libdriver.so']);
    expect(names('', true)).toStrictEqual(['libdriver.so']);
  });
});

describe('the files that were tried', () => {
  it('are named where they were there and not taken', () => {
    expect(tellingTries(driver)).toStrictEqual([
      { path: '/opt/libdriver.so', outcome: 'wrong-class' },
    ]);
  });
});
