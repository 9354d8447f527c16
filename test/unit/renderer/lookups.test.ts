/** What the Libraries pane makes of traced lookups. */
import { describe, expect, it } from 'vitest';
import type { LookupView } from '../../../src-main/protocol/methods.ts';
import {
  originOf,
  searchSteps,
  shownLookups,
  shownProcesses,
  tellingTries,
  type Libraries,
} from '../../../src-renderer/libraries/lookups.ts';

function lookup(library: string, change: Partial<LookupView> = {}): LookupView {
  return {
    library,
    requestedBy: null,
    kind: 'startup',
    found: `/lib/${library}`,
    searched: [],
    tried: [],
    ...change,
  };
}

const runpath = (directory: string) =>
  ({ directory, origin: 'RUNPATH', from: './render' }) as const;
const system = (directory: string) => ({ directory, origin: 'system', from: null }) as const;

const libc = lookup('libc.so.6', {
  searched: [runpath('/run/driver/lib/tls'), runpath('/run/driver/lib'), system('/lib')],
});
const driver = lookup('libdriver.so', {
  kind: 'dlopen',
  found: null,
  searched: [system('/lib/glibc-hwcaps/x86-64-v3'), system('/lib')],
  tried: [
    { path: '/lib/libdriver.so', outcome: 'missing' },
    { path: '/opt/libdriver.so', outcome: 'wrong-class' },
  ],
});

const libraries: Libraries = {
  traced: ['checkPhase'],
  processes: [
    { pid: 4, program: '/bin/make', parent: null, phase: 'checkPhase', lookups: 0, errors: [] },
    { pid: 16, program: './render', parent: null, phase: 'checkPhase', lookups: 1, errors: [] },
  ],
  lists: [[lookup('libc.so.6')], [libc, driver]],
  notUnderstood: 0,
};

describe('the processes', () => {
  const named = (words: string, missing = false) =>
    shownProcesses(libraries, { words, missing }).map(({ process, misses }) => [
      process.pid,
      misses,
    ]);

  it('are found by their program or a library, with how much each missed', () => {
    expect(named('')).toStrictEqual([
      [4, 0],
      [16, 1],
    ]);
    expect(named('MAKE')).toStrictEqual([[4, 0]]);
    expect(named('libdriver')).toStrictEqual([[16, 1]]);
  });

  it('are those that missed something where only these are wanted', () => {
    expect(named('', true)).toStrictEqual([[16, 1]]);
  });

  it('show the lookups that match, and all where the program does', () => {
    const [, render] = libraries.processes;
    if (render === undefined) throw new Error('two processes');
    const names = (words: string, missing = false) =>
      shownLookups(libraries, render, { words, missing }).map(({ library }) => library);
    expect(names('libc')).toStrictEqual(['libc.so.6']);
    expect(names('render')).toStrictEqual(['libc.so.6', 'libdriver.so']);
    expect(names('', true)).toStrictEqual(['libdriver.so']);
  });
});

describe('the search path', () => {
  it('counts the variants of a directory with it', () => {
    expect(searchSteps([libc], libc)).toStrictEqual([
      { ...runpath('/run/driver/lib'), variants: 1, passedOver: false },
      { ...system('/lib'), variants: 0, passedOver: false },
    ]);
  });

  it('has what the loader passed over, as it had not been there before', () => {
    expect(searchSteps([libc, driver], driver)).toStrictEqual([
      { ...runpath('/run/driver/lib'), variants: 0, passedOver: true },
      { ...system('/lib'), variants: 1, passedOver: false },
    ]);
  });

  it('says where a library was found, also in a variant', () => {
    expect(originOf({ ...libc, found: '/lib/libc.so.6' })?.origin).toBe('system');
    expect(originOf({ ...libc, found: '/run/driver/lib/tls/x/libc.so.6' })?.origin).toBe('RUNPATH');
    expect(originOf(driver)).toBeNull();
  });

  it('names the files that were there and not taken', () => {
    expect(tellingTries(driver)).toStrictEqual([
      { path: '/opt/libdriver.so', outcome: 'wrong-class' },
    ]);
  });
});
