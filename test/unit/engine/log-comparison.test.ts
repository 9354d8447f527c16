// Two logs: the lines that differ, apart from what no two builds have in common.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'vitest';
import { compareLogs } from '../../../src-main/engine/log-comparison.ts';

const differing = (left: readonly string[], right: readonly string[]) =>
  compareLogs(left, right).map((difference) => [difference.left.texts, difference.right.texts]);

test('lines in the place of others, with their numbers on both sides', () => {
  assert.deepStrictEqual(
    compareLogs(['checking a', 'yes', 'done'], ['start', 'checking a', 'no', 'really', 'done']),
    [
      { left: { line: 1, count: 0, texts: [] }, right: { line: 1, count: 1, texts: ['start'] } },
      {
        left: { line: 2, count: 1, texts: ['yes'] },
        right: { line: 3, count: 2, texts: ['no', 'really'] },
      },
    ],
  );
});

test.each([
  ['a time', 'ran 12 tests in 0.12s', 'ran 12 tests in 1.4 s'],
  ['a time of day', '[10:00:01] start', '[11:22:33] start'],
  ['a working file of gcc', 'as -o /build/ccAbCd12.o', 'as -o /build/ccZyXw98.o'],
  ['a process id', 'started, pid 123', 'started, pid 4567'],
  [
    'the hash of a store path',
    `cc /nix/store/${'a'.repeat(32)}-x/a.c`,
    `cc /nix/store/${'b'.repeat(32)}-x/a.c`,
  ],
  ['a colour', '\u001b[31mred\u001b[0m', 'red'],
])('%s is no difference', (_, left, right) => {
  assert.deepStrictEqual(compareLogs([left], [right]), []);
});

test('a number that is no time is one', () => {
  assert.deepStrictEqual(differing(['12 tests passed'], ['13 tests passed']), [
    [['12 tests passed'], ['13 tests passed']],
  ]);
});

test('a line that moved is taken away in one place and put in at another', () => {
  assert.deepStrictEqual(differing(['a', 'b', 'c', 'd'], ['d', 'a', 'b', 'c']), [
    [[], ['d']],
    [['d'], []],
  ]);
});

const anyLog = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { maxLength: 30 });

test('with the differences put in, the one log is the other', () => {
  fc.assert(
    fc.property(anyLog, anyLog, (left, right) => {
      const lines: string[] = [...left];
      for (const difference of compareLogs(left, right).toReversed()) {
        lines.splice(difference.left.line - 1, difference.left.count, ...difference.right.texts);
      }
      assert.deepStrictEqual(lines, right);
    }),
  );
});

test(
  'logs of a million lines are compared to an end, also where nothing of them is alike',
  { timeout: 60_000 },
  () => {
    const log = (line: (number: number) => string): readonly string[] =>
      Array.from({ length: 1_000_000 }, (_, number) => line(number));
    const same = log((number) => `compiling file ${number}`);
    const other = log((number) =>
      number % 1000 === 7 ? `warning in file ${number}` : `compiling file ${number}`,
    );
    assert.deepStrictEqual(compareLogs(same, other).length, 1000);
    const twoWords = log((number) => (number % 3 === 0 ? 'ok' : 'skipped'));
    const reverse = log((number) => (number % 7 === 0 ? 'skipped' : 'ok'));
    assert.ok(compareLogs(twoWords, reverse).length > 0);
  },
);
