// What `strata compare` prints, as it is read without colours.
import { expect, test } from 'vitest';
import {
  comparisonJson,
  renderComparison,
} from '../../../src-main/cli/render/render-comparison.ts';
import { PLAIN } from '../../../src-main/cli/terminal/style.ts';
import type {
  Comparison,
  LibraryDifference,
  SearchedPlace,
} from '../../../src-main/engine/types.ts';

const place = (directory: string, outcome: SearchedPlace['outcome']): SearchedPlace => ({
  directory,
  origin: 'RUNPATH',
  from: './prog',
  outcome,
  variants: 0,
});
const where = { program: './prog', phase: 'checkPhase', processes: 1 };

const MISSING: LibraryDifference = {
  ...where,
  kind: 'found-right',
  library: 'libx.so',
  left: { found: null, through: null, requestedBy: './prog' },
  right: { found: '/b/libx.so', through: place('/b', 'found'), requestedBy: './prog' },
  search: [
    { left: place('/a', 'missing'), right: place('/a', 'missing') },
    { left: null, right: place('/b', 'found') },
  ],
};
const REBUILT: LibraryDifference = { ...MISSING, kind: 'other-build', library: 'libz.so' };

const NOT_TRACED = {
  kind: 'not-compared',
  reason: 'looking for the trace of two: no phase of it was traced',
  advice: 'trace it: strata run --trace syscalls',
} as const;

const COMPARISON: Comparison = {
  left: 'one',
  right: 'two',
  after: { left: 'checkPhase', right: 'checkPhase' },
  libraries: {
    kind: 'compared',
    value: {
      differences: [MISSING, REBUILT],
      more: 0,
      lone: [{ ...where, side: 'right', processes: 2 }],
      same: { processes: 3, lookups: 7 },
      notUnderstood: 0,
    },
  },
  accesses: NOT_TRACED,
  files: { kind: 'compared', value: [] },
  variables: {
    kind: 'compared',
    value: [
      { kind: 'changed', name: 'PATH', old: '/a:/b', now: '/a:/c', rebuilt: false },
      { kind: 'changed', name: 'out', old: '/x', now: '/y', rebuilt: true },
    ],
  },
  log: {
    kind: 'compared',
    value: {
      phases: [
        {
          phase: 'checkPhase',
          differences: Array.from({ length: 7 }, (_, at) => ({
            left: { line: at + 1, count: 1, texts: [`no \u001b[2J${at}`] },
            right: { line: at + 1, count: 0, texts: [] },
          })),
        },
      ],
      onlyLeft: [],
      onlyRight: ['installPhase'],
    },
  },
};

const text = (width: number | null, lists: 'short' | 'whole' = 'short'): string =>
  [...renderComparison(COMPARISON, { lists, style: PLAIN, width })].join('\n');

test('the first differences of each section, and how many there are', () => {
  expect(text(null)).toBe(`− one   + two

Libraries  1 differs, 1 found in another build of the same, 7 other lookups the same
  libx.so  found by + alone  (./prog in checkPhase)
    − not found
    + /b/libx.so  RUNPATH of ./prog
        /a  no such file, RUNPATH of ./prog
      + /b  found, RUNPATH of ./prog
  + only here: 2 processes of ./prog in checkPhase

Files after checkPhase  the same

Variables after checkPhase  1 differs, 1 by hashes of store paths alone
  PATH
    − /b
    + /c

Log  differs in 7 places
  checkPhase, line 1
    − no 0
  checkPhase, line 2
    − no 1
  checkPhase, line 3
    − no 2
  checkPhase, line 4
    − no 3
  checkPhase, line 5
    − no 4
  … 2 more; --all shows them
  + only here: installPhase
`);
});

test('a wide terminal shows the search paths beside each other', () => {
  const lines = text(100).split('\n');
  const begin = lines.findIndex((line) => line.includes('searched'));
  expect(lines.slice(begin, begin + 3)).toEqual([
    `      ${'− searched'.padEnd(45)} │ + searched`,
    `      ${'/a  no such file, RUNPATH of ./prog'.padEnd(45)} │ /a  no such file, RUNPATH of ./prog`,
    `      ${''.padEnd(45)} │ /b  found, RUNPATH of ./prog`,
  ]);
});

test('with --all nothing is left out, another build of the same included', () => {
  expect(text(null, 'whole')).toContain('  libz.so  same name, another build  (');
  expect(text(null, 'whole')).not.toContain('more');
});

test('JSON: what was not compared is null, and why is said', () => {
  expect(comparisonJson(COMPARISON)).toMatchObject({
    left: 'one',
    right: 'two',
    libraries: { same: { processes: 3, lookups: 7 } },
    accesses: null,
    files: [],
    notCompared: { accesses: { reason: NOT_TRACED.reason, advice: NOT_TRACED.advice } },
  });
});

test('a file of which one glibc does not say why it was not taken is no difference', () => {
  const unsaid: LibraryDifference = {
    ...MISSING,
    search: [{ left: place('/a', 'unknown'), right: place('/a', 'missing') }],
  };
  const { libraries } = COMPARISON;
  if (libraries.kind !== 'compared') throw new Error('libraries are compared here');
  const value = { ...libraries.value, differences: [unsaid] };
  const compared = { ...COMPARISON, libraries: { kind: 'compared' as const, value } };
  const lines = [...renderComparison(compared, { lists: 'short', style: PLAIN, width: null })];
  expect(lines.filter((line) => line.includes(' /a '))).toEqual([
    '        /a  no such file, RUNPATH of ./prog',
  ]);
});
