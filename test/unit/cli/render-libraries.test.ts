// What `strata libs` prints, as it is read without colours.
import { expect, test } from 'vitest';
import { processJson, renderLibraries } from '../../../src-main/cli/render/render-libraries.ts';
import { COLOURED, PLAIN } from '../../../src-main/cli/terminal/style.ts';
import type { Lookup, TracedProcess } from '../../../src-main/engine/types.ts';

const text = (lines: Iterable<string>): string => [...lines].join('\n');

const LIBB: Lookup = {
  library: 'libb.so',
  requestedBy: './prog',
  kind: 'startup',
  found: '/l2/libb.so',
  searched: [{ directory: '/l2', origin: 'RUNPATH', from: './prog' }],
  tried: [{ path: '/l2/libb.so', outcome: 'found' }],
};
const LIBA: Lookup = {
  library: 'liba.so',
  requestedBy: '/l2/libb.so',
  kind: 'startup',
  found: '/usr/lib/liba.so',
  searched: [{ directory: '/etc/ld.so.cache', origin: 'cache', from: null }],
  tried: [{ path: '/usr/lib/liba.so', outcome: 'found' }],
};
const NOPE: Lookup = {
  library: 'libnope.so',
  requestedBy: '/l2/libb.so',
  kind: 'dlopen',
  found: null,
  searched: [
    { directory: '/run/opengl-driver/lib', origin: 'LD_LIBRARY_PATH', from: null },
    { directory: '/l2', origin: 'RUNPATH', from: '/l2/libb.so' },
    { directory: '/etc/ld.so.cache', origin: 'cache', from: null },
  ],
  tried: [
    { path: '/run/opengl-driver/lib/libnope.so', outcome: 'missing' },
    { path: '/l2/libnope.so', outcome: 'unknown' },
  ],
};
const LOOKUPS = [LIBB, LIBA, NOPE];
const NO_ERRORS: TracedProcess['errors'] = [];

function traced(pid: number, parts: Partial<TracedProcess> = {}): TracedProcess {
  return {
    pid,
    program: './prog',
    parent: null,
    phase: null,
    lookups: LOOKUPS,
    errors: NO_ERRORS,
    initialisers: [],
    ...parts,
  };
}

test('who needs what, where it was found, and where one was looked for in vain', () => {
  expect(
    text(
      renderLibraries(
        [1, 2, 3, 4, 5].map((pid) => traced(pid)),
        'all',
        PLAIN,
        null,
      ),
    ),
  ).toBe(
    `
./prog  processes 1, 2, 3 and 2 more
└─ libb.so  /l2/libb.so  RUNPATH of ./prog
   ├─ liba.so  /usr/lib/liba.so  cache
   └─ ✗ libnope.so (dlopen)  not found
        /run/opengl-driver/lib  no such file, LD_LIBRARY_PATH
        /l2                     not taken, RUNPATH of /l2/libb.so
        /etc/ld.so.cache        names none, cache

5 processes, 15 lookups, 5 in vain`.slice(1),
  );
});

test('a directory that was found not to exist, and that ld.so no longer prints', () => {
  const driver: Lookup = {
    ...NOPE,
    requestedBy: './prog',
    searched: [{ directory: '/etc/ld.so.cache', origin: 'cache', from: null }],
    tried: [],
  };
  expect([
    ...renderLibraries([traced(1, { lookups: [LIBB, driver] })], 'missing', PLAIN, null),
  ]).toEqual([
    './prog  process 1',
    '└─ ✗ libnope.so (dlopen)  not found',
    '     /l2               does not exist, RUNPATH of ./prog',
    '     /etc/ld.so.cache  names none, cache',
    '',
    '1 process, 2 lookups, 1 in vain',
  ]);
});

test('only what leads to what was not found', () => {
  const shown = text(renderLibraries([traced(1)], 'missing', PLAIN, null));
  expect(shown).toContain('└─ libb.so');
  expect(shown).toContain('✗ libnope.so');
  expect(shown).not.toContain('liba.so');
});

test('errors, and one library from two places', () => {
  const process = traced(7, {
    program: null,
    lookups: [LIBB, { ...LIBB, kind: 'dlopen', found: '/other/libb.so', requestedBy: null }],
    errors: [
      { library: './prog', text: 'undefined symbol: x', fatal: true },
      { library: null, text: 'y', fatal: false },
    ],
  });
  expect(text(renderLibraries([process], 'all', PLAIN, null))).toBe(
    `
a program that was not named  process 7
├─ libb.so  /l2/libb.so  RUNPATH of ./prog
└─ libb.so (dlopen)  /other/libb.so
! libb.so was found in 2 places: /l2/libb.so, /other/libb.so
✗ ./prog: undefined symbol: x
! y  (the process went on)

1 process, 2 lookups, 0 in vain`.slice(1),
  );
});

test('a narrow terminal has the origin below', () => {
  expect([...renderLibraries([traced(1)], 'all', PLAIN, 40)].slice(1, 3)).toEqual([
    '└─ libb.so  /l2/libb.so',
    '     RUNPATH of ./prog',
  ]);
});

test('names that a build chose do nothing to a terminal', () => {
  const evil = 'lib\u001b[2J\n.so';
  const process = traced(1, {
    program: evil,
    lookups: [{ ...NOPE, library: evil }],
    errors: [{ library: evil, text: evil, fatal: false }],
  });
  for (const style of [PLAIN, COLOURED]) {
    const shown = text(renderLibraries([process], 'all', style, 80));
    expect(shown).not.toContain('\u001b[2J');
  }
});

test('the JSON of a process has these members alone', () => {
  expect(Object.keys(processJson(traced(1)))).toEqual([
    'pid',
    'program',
    'phase',
    'lookups',
    'errors',
  ]);
});
