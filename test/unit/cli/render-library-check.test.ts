// What `strata libs SNAPSHOT:PATH` prints, as it is read without colours.
import { expect, test } from 'vitest';
import {
  checkJson,
  findingsOf,
  renderLibraryCheck,
} from '../../../src-main/cli/render/render-library-check.ts';
import { PLAIN } from '../../../src-main/cli/terminal/style.ts';
import type { LibraryCheck, StaticResolution } from '../../../src-main/engine/types.ts';

const text = (lines: Iterable<string>): string => [...lines].join('\n');

function file(program: string, parts: Partial<StaticResolution>): StaticResolution {
  return {
    program,
    phase: 'fixupPhase',
    kind: 'program',
    elf: {
      class: 'ELF64',
      machine: 'x86-64',
      type: 'executable',
      interpreter: '/lib/ld.so',
      needed: [],
      rpath: [],
      runpath: [],
      soname: null,
    },
    ownPath: [],
    lookups: [],
    errors: [],
    ...parts,
  };
}

const FOUND = file('/out/bin/good', {
  lookups: [
    {
      library: 'liba.so',
      requestedBy: '/out/bin/good',
      kind: 'startup',
      found: '/out/lib/liba.so',
      searched: [{ directory: '/out/lib', origin: 'RUNPATH', from: '/out/bin/good' }],
      tried: [{ path: '/out/lib/liba.so', outcome: 'found' }],
    },
  ],
});
const LACKING = file('/out/bin/bad', {
  lookups: [
    {
      library: 'libz.so.1',
      requestedBy: '/out/bin/bad',
      kind: 'startup',
      found: null,
      searched: [{ directory: '/lib', origin: 'system', from: null }],
      tried: [{ path: '/lib/libz.so.1', outcome: 'wrong-class' }],
    },
  ],
});
const CHECK: LibraryCheck = {
  files: [FOUND, LACKING],
  findings: [
    {
      kind: 'missing-library',
      library: 'libz.so.1',
      files: ['/out/bin/bad'],
      elsewhere: [{ path: '/out/lib/sub/libz.so.1', place: 'output' }],
    },
    {
      kind: 'search-path',
      problem: 'absent',
      origin: 'RUNPATH',
      directory: '/gone',
      files: ['/1', '/2', '/3', '/4', '/out/bin/good'],
    },
  ],
};

test('a tree for each file, what is wrong after them, and how many lack something', () => {
  expect(text(renderLibraryCheck(CHECK, 'all', PLAIN, null))).toBe(
    `/out/bin/good  program, x86-64
└─ liba.so  /out/lib/liba.so  RUNPATH of /out/bin/good

/out/bin/bad  program, x86-64
└─ ✗ libz.so.1  not found
     /lib  of another ELF class, system directory

✗ libz.so.1 is not found; it would be found with RUNPATH /out/lib/sub
  in /out/bin/bad
  → link with -Wl,-rpath,/out/lib/sub
  → or in postFixup: patchelf --add-rpath /out/lib/sub FILE

! RUNPATH has /gone, which does not exist
  in /1, /2, /3 and 2 more
  → patchelf --shrink-rpath FILE in postFixup takes out what finds nothing

2 files, 2 lookups; 1 file lacks a library`,
  );
});

test('only what lacks something', () => {
  const lines = text(renderLibraryCheck(CHECK, 'missing', PLAIN, null));
  expect(lines).not.toMatch(/good|gone/);
  expect(lines).toContain('✗ libz.so.1  not found');
});

test('a path without ELF files', () => {
  expect(text(renderLibraryCheck({ files: [], findings: [] }, 'all', PLAIN, null))).toBe(
    'no file there asks the loader for anything',
  );
});

test('the findings of some of the files name only these', () => {
  expect(findingsOf(CHECK.findings, [FOUND]).map(({ files }) => files)).toEqual([
    ['/out/bin/good'],
  ]);
});

test('JSON has the findings with each file, and no process id', () => {
  const [bad, ...others] = JSON.parse(JSON.stringify([...checkJson(CHECK, 'missing')])) as object[];
  expect([bad, others]).toEqual([
    {
      program: '/out/bin/bad',
      phase: 'fixupPhase',
      kind: 'program',
      elf: LACKING.elf,
      lookups: LACKING.lookups,
      errors: [],
      findings: [
        {
          kind: 'missing-library',
          library: 'libz.so.1',
          elsewhere: [{ path: '/out/lib/sub/libz.so.1', place: 'output' }],
          text: 'libz.so.1 is not found; it would be found with RUNPATH /out/lib/sub',
          advice: [
            'link with -Wl,-rpath,/out/lib/sub',
            'or in postFixup: patchelf --add-rpath /out/lib/sub FILE',
          ],
        },
      ],
    },
    [],
  ]);
});
