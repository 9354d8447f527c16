// A phase's log: every byte in the file, each line when it is whole, and when it came.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LOG_FILE, PhaseLog, TIMES_FILE } from '../../../src-main/phases/phase-log.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'strata-log-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** The lines of a log that comes in these pieces. */
function lines(chunks: readonly (string | Buffer)[]): readonly string[] {
  const got: string[] = [];
  const log = new PhaseLog(directory, (line) => got.push(line));
  for (const chunk of chunks) log.write(Buffer.from(chunk as string), 0);
  log.close();
  return got;
}

test('lines come as they end, the last one without a newline too', () => {
  const got: string[] = [];
  const log = new PhaseLog(directory, (line) => got.push(line));
  log.write(Buffer.from('one\ntw'), 1);
  expect(got).toEqual(['one']);
  log.write(Buffer.from('o\n\nthree'), 2);
  expect(got).toEqual(['one', 'two', '']);
  expect(log.close().lines).toBe(4);
  expect(got).toEqual(['one', 'two', '', 'three']);
});

test('the file has every byte, whatever the pieces; the lines are those of the whole', () => {
  const bytes = fc.array(fc.constantFrom(0x0a, 0x0d, 0x00, 0x61, 0xc3, 0xa9, 0xff, 0x1b), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 8 }), (chunks) => {
      rmSync(join(directory, LOG_FILE), { force: true });
      const whole = Buffer.from(chunks.flat());
      const expected = whole.toString('latin1').split('\n');
      if (expected.at(-1) === '') expected.pop();
      expect(lines(chunks.map((chunk) => Buffer.from(chunk)))).toEqual(
        expected.map((line) => Buffer.from(line, 'latin1').toString('utf8').replace(/\r$/, '')),
      );
      expect(readFileSync(join(directory, LOG_FILE))).toEqual(whole);
    }),
  );
});

test('messages for Nix’s own display stay in the file and are no lines', () => {
  const text = 'a\n@nix { "action": "setPhase", "phase": "buildPhase" }\nb @nix c\n';
  const got: string[] = [];
  const log = new PhaseLog(directory, (line) => got.push(line));
  log.write(Buffer.from(text), 0);
  // What is counted is what people see.
  expect(log.close().tail).toEqual([
    { number: 1, text: 'a' },
    { number: 2, text: 'b @nix c' },
  ]);
  expect(got).toEqual(['a', 'b @nix c']);
  expect(readFileSync(join(directory, LOG_FILE), 'utf8')).toBe(text);
});

test('a line of a megabyte comes in pieces, and soon', () => {
  const line = 'x'.repeat(1024 * 1024);
  const started = performance.now();
  const got = lines([...Array.from({ length: 256 }, () => 'x'.repeat(4096)), '\nnext']);
  expect(performance.now() - started).toBeLessThan(2000);
  expect([got.slice(0, -1).join(''), got.at(-1)]).toEqual([line, 'next']);
  expect(Math.max(...got.map(({ length }) => length))).toBeLessThanOrEqual(64 * 1024);
});

test('the times say when the bytes from each place on came', () => {
  const log = new PhaseLog(directory, () => undefined);
  log.write(Buffer.from('one\ntwo'), 1000);
  log.write(Buffer.from(' and more\n'), 2000.5);
  log.close();
  const times = readFileSync(join(directory, TIMES_FILE));
  const numbers = Array.from({ length: times.length / 8 }, (_, index) =>
    times.readDoubleLE(index * 8),
  );
  expect(numbers).toEqual([0, 1000, 7, 2000.5]);
});
