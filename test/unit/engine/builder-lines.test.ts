// The lines of builders in their files: read from anywhere, and searched while more are printed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { BuilderLines } from '../../../src-main/engine/builder-lines.ts';
import type { LineQuery } from '../../../src-main/engine/line-search.ts';

const never = new AbortController().signal;
let directory: string;
let count = 0;
let lines: BuilderLines;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'strata-lines-'));
});

beforeEach(() => {
  lines = newLines();
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function newLines(): BuilderLines {
  count += 1;
  return new BuilderLines(join(directory, String(count)));
}

function print(derivation: string, texts: readonly string[], into = lines): void {
  for (const [number, text] of texts.entries()) {
    into.take({ derivation, phase: null, number, text, at: 1 });
  }
}

function plain(query: string, more: Partial<LineQuery> = {}): LineQuery {
  return { query, regex: false, caseSensitive: true, limit: 20_000, ...more };
}

test('what matches is found by its number, and read under it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('', 'gcc -c a.c', 'ü a.c', '1 needle 2', 'x'.repeat(20_000)), {
        maxLength: 1200,
      }),
      async (texts) => {
        const own = newLines();
        print('other', ['needle'], own);
        print('one', texts, own);
        const expected = texts.flatMap((text, at) => (text.includes('needle') ? [at] : []));
        const found = await own.search('one', plain('needle'), never);
        expect(found).toStrictEqual({ lines: expected, more: false });
        for (const at of expected.slice(-3)) {
          expect(await own.read('one', at, 1)).toStrictEqual([{ text: '1 needle 2', at: 1 }]);
        }
        await own.remove();
      },
    ),
    { numRuns: 25 },
  );
});

test('by what is seen of a line, as a regular expression, and no more than are asked for', async () => {
  print('one', ['\u001b[31mred\u001b[0m hat', 'old\rnew', 'RED HAT', 'l1nz9 red hat']);
  expect(await lines.search('one', plain('red hat'), never)).toMatchObject({ lines: [0, 3] });
  expect(await lines.search('one', plain('old'), never)).toMatchObject({ lines: [] });
  const either = plain('^red h.t$', { regex: true, caseSensitive: false });
  expect(await lines.search('one', either, never)).toMatchObject({ lines: [0, 2] });
  expect(await lines.search('one', { ...either, limit: 1 }, never)).toStrictEqual({
    lines: [0],
    more: true,
  });
  // The time before a line in the file is none of its text.
  expect(await lines.search('one', plain('1 '), never)).toMatchObject({ lines: [] });
});

test('among a million lines', async () => {
  print(
    'one',
    Array.from({ length: 1_000_000 }, (_, at) => `cc -c file${at}.c`),
  );
  expect(await lines.search('one', plain('file999999.c'), never)).toStrictEqual({
    lines: [999_999],
    more: false,
  });
  expect(await lines.search('one', plain('cc', { limit: 3 }), never)).toStrictEqual({
    lines: [0, 1, 2],
    more: true,
  });
});

test('what printed nothing has no such lines, and what is no regular expression is refused', async () => {
  expect(await lines.search('none', plain('x'), never)).toStrictEqual({ lines: [], more: false });
  await expect(lines.search('none', plain('(', { regex: true }), never)).rejects.toMatchObject({
    code: 'usage',
    operation: 'searching the log',
  });
});

test('a search that nobody waits for any more is ended', async () => {
  print('one', [`${'a'.repeat(60)}!`]);
  const endless = plain('(a+)+$', { regex: true });
  const stop = new AbortController();
  const searching = lines.search('one', endless, stop.signal);
  stop.abort();
  await expect(searching).rejects.toBe(stop.signal.reason);
});

test('a search goes on with what it began with when all begins anew', async () => {
  print(
    'one',
    Array.from({ length: 50_000 }, (_, at) => `before ${at}`),
  );
  const searching = lines.search('one', plain('before'), never);
  lines.restart();
  print('one', ['after']);
  expect((await searching).lines).toHaveLength(20_000);
  expect(await lines.search('one', plain('before'), never)).toMatchObject({ lines: [] });
  expect(await lines.search('one', plain('after'), never)).toMatchObject({ lines: [0] });
});
