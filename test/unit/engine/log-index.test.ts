// The index of a log against the plain reading of the same bytes, written in pieces of any size.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LogIndex } from '../../../src-main/engine/log-index.ts';
import { lineMark } from '../../../src-main/engine/log-marks.ts';
import { timesOf } from '../../../src-main/engine/log-times.ts';
import { LONGEST_LINE } from '../../../src-main/phases/log-lines.ts';
import { PhaseLog } from '../../../src-main/phases/phase-log.ts';

let directory: string;
let count = 0;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'strata-log-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function newFile(): string {
  count += 1;
  const file = join(directory, `log-${count}`);
  writeFileSync(file, '');
  return file;
}

async function allLines(index: LogIndex): Promise<string[]> {
  const texts: string[] = [];
  for await (const block of index.blocks()) {
    expect(block.from).toBe(texts.length);
    texts.push(...block.texts);
  }
  return texts;
}

const line = fc.oneof(
  fc.constantFrom(
    '',
    'gcc -c a.c',
    'a.c:1: error: no',
    'warning: old',
    '@nix {"action":"x"}',
    'ü\r',
  ),
  fc.string({ maxLength: 30 }).map((text) => text.replaceAll('\n', ' ')),
);

const long = fc
  .integer({ min: LONGEST_LINE - 2, max: LONGEST_LINE * 2 + 2 })
  .map((length) => 'x'.repeat(length));

test('every line is found again, whatever the pieces in which it was written', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(line, { maxLength: 700 })
        .chain((few) =>
          fc.array(long, { maxLength: 3 }).map((more) => [...few, ...more, ...few.slice(0, 5)]),
        ),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 5 }),
      fc.nat(800),
      async (lines, isEnded, sizes, from) => {
        // As the phase's own log counts them.
        const home = mkdtempSync(join(directory, 'phase-'));
        const shown: string[] = [];
        const log = new PhaseLog(home, (text) => shown.push(text));
        const bytes = Buffer.from(lines.join('\n') + (isEnded && lines.length > 0 ? '\n' : ''));
        const file = newFile();
        const index = new LogIndex(file);
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = Math.ceil((bytes.length * (sizes[turn % sizes.length] ?? 1)) / 500);
          const piece = bytes.subarray(at, at + size);
          log.write(piece, 1);
          appendFileSync(file, piece);
          await index.update('growing');
          expect(index.lines).toBe(shown.length);
          at += size;
        }
        log.close();
        await index.update('finished');
        expect(index.lines).toBe(shown.length);
        expect(await allLines(index)).toEqual(shown);
        const page = await index.read(from, 50);
        expect(page.map(({ text }) => text)).toEqual(shown.slice(from, from + 50));
        expect(index.marks).toEqual(
          shown.flatMap((text, number) => {
            const kind = lineMark(text);
            return kind === null ? [] : [{ line: number, kind }];
          }),
        );
        rmSync(home, { recursive: true });
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test('a million lines are indexed in a moment, and read from anywhere', async () => {
  const file = newFile();
  const lines = Array.from(
    { length: 100_000 },
    (_, at) => `line ${at} of a compiler's many words, /nix/store/x/file.c`,
  );
  for (let part = 0; part < 10; part += 1) appendFileSync(file, `${lines.join('\n')}\n`);
  const index = new LogIndex(file);
  const started = performance.now();
  await index.update('finished');
  expect(performance.now() - started).toBeLessThan(5000);
  expect(index.lines).toBe(1_000_000);
  const again = performance.now();
  expect((await index.read(999_990, 100)).map(({ text }) => text)).toEqual(lines.slice(-10));
  expect(performance.now() - again).toBeLessThan(200);
}, 30_000);

test('a line has the time at which its first byte came', async () => {
  const file = newFile();
  const pairs = Buffer.alloc(16 * 3);
  for (const [at, [offset, time]] of [
    [0, 100],
    [10, 200],
    [20, 300],
  ].entries()) {
    pairs.writeDoubleLE(offset ?? 0, at * 16);
    pairs.writeDoubleLE(time ?? 0, at * 16 + 8);
  }
  writeFileSync(file, pairs);
  expect(await timesOf(file, [0, 5, 10, 19, 20, 1000])).toEqual([100, 100, 200, 200, 300, 300]);
  expect(await timesOf(file, [15, 25])).toEqual([200, 300]);
  expect(await timesOf(join(directory, 'none'), [1, 2])).toEqual([0, 0]);
});

test.each([
  ['a.c:1:2: error: expected', 'error'],
  ['make: *** [all] Error 2', 'error'],
  ['a.c:1:2: warning: unused variable [-Wunused-variable]', 'warning'],
  ['warning: you did not specify --no-out', 'warning'],
  ['gcc -Wall -Werror -c a.c', null],
  ['0 errors, 0 warnings', null],
  ['checking for strerror... yes', null],
] as const)('%s', (text, kind) => {
  expect(lineMark(text)).toBe(kind);
});

test('a block that is searched is bounded in bytes, also where its lines are as long as can be', async () => {
  const file = newFile();
  writeFileSync(file, `${'x'.repeat(LONGEST_LINE)}\n`.repeat(64));
  const index = new LogIndex(file);
  await index.update('finished');
  const sizes: number[] = [];
  let lines = 0;
  for await (const { from, texts } of index.blocks()) {
    expect(from).toBe(lines);
    lines += texts.length;
    sizes.push(texts.reduce((sum, text) => sum + text.length, 0));
  }
  expect(lines).toBe(64);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024);
});
