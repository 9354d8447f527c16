/** The log's pure parts: links, pieces, search, marks, pages, and the space one scrolls in. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { parseAnsi } from '../../../src-renderer/log/ansi.ts';
import {
  candidatePaths,
  enteredDirectory,
  findFileLinks,
} from '../../../src-renderer/log/file-links.ts';
import { LinePages, PAGE_LINES } from '../../../src-renderer/log/line-pages.ts';
import { linePieces } from '../../../src-renderer/log/line-pieces.ts';
import {
  compileQuery,
  findPlaces,
  matchFrom,
  NO_QUERY,
} from '../../../src-renderer/log/log-query.ts';
import { ordered, selectedPart } from '../../../src-renderer/log/log-selection.ts';
import { lineTime } from '../../../src-renderer/log/log-time.ts';
import { firstError, placeMarks } from '../../../src-renderer/log/marks.ts';
import { RowHeights } from '../../../src-renderer/log/row-heights.ts';
import * as space from '../../../src-renderer/log/scroll-space.ts';

describe('findFileLinks', () => {
  it.each([
    ['hello.c:12:5: error: x', 'hello.c', 12, 5],
    ['/build/hello-1.0/src/main.c:7: undefined reference', '/build/hello-1.0/src/main.c', 7, null],
    ['In file included from ../src/a.h:3,', '../src/a.h', 3, null],
    [
      '/nix/store/aaaa-stdenv/setup: line 138: foo: command not found',
      '/nix/store/aaaa-stdenv/setup',
      138,
      null,
    ],
    ['make: *** [Makefile:34: all] Error 2', 'Makefile', 34, null],
    ['  --> src/main.rs:4:9', 'src/main.rs', 4, 9],
    ['src/a.ts(12,5): error TS2304', 'src/a.ts', 12, 5],
    ['  File "/build/x/setup.py", line 3, in <module>', '/build/x/setup.py', 3, null],
    ['at /home/me/default.nix:3:5:', '/home/me/default.nix', 3, 5],
    ["error: '/build/a b'/x.c:1", '/x.c', 1, null],
  ])('%s', (text, path, line, column) => {
    const [link, ...rest] = findFileLinks(text);
    expect(rest).toStrictEqual([]);
    expect({ path: link?.path, line: link?.line, column: link?.column }).toStrictEqual({
      path,
      line,
      column,
    });
  });

  it.each([
    '12:30:45 done',
    'http://localhost:8080/',
    'https://example.org:443',
    'foo: 12',
    'version 1.2:3',
    'a:1',
    ':12',
    'x.c:0',
    'File "<string>", line 1',
  ])('none in %s', (text) => expect(findFileLinks(text)).toStrictEqual([]));

  it('stays quick on a line of 64 KiB of anything', () => {
    for (const unit of ['a', 'a/', ':1', 'a.b:1', '(1,1)', 'File "', ': line 1']) {
      const start = performance.now();
      findFileLinks(unit.repeat(65536 / unit.length));
      expect(performance.now() - start).toBeLessThan(500);
    }
  });

  it('looks for a relative path where make was, where the phase was, and among what changed', () => {
    const changed = ['/build/hello/lib/a.c', '/build/hello/src/main.c', '/build/other'];
    expect(
      candidatePaths('../src/main.c', ['/build/hello/lib', null, '/build'], changed),
    ).toStrictEqual(['/build/hello/src/main.c', '/src/main.c']);
    expect(candidatePaths('/a/../b//c.c', [], [])).toStrictEqual(['/b/c.c']);
    expect(enteredDirectory("make[2]: Entering directory '/build/x/src'")).toBe('/build/x/src');
  });
});

describe('linePieces', () => {
  it('lays styles, links and matches over each other', () => {
    const line = parseAnsi('\x1b[1ma.c:1\x1b[0m: no');
    const pieces = linePieces(line, findFileLinks(line.text), [{ start: 4, end: 8 }]);
    expect(
      pieces.map(({ text, style, link, found }) => [text, style.bold, link?.path ?? null, found]),
    ).toStrictEqual([
      ['a.c:', true, 'a.c', false],
      ['1', true, 'a.c', true],
      [': n', false, null, true],
      ['o', false, null, false],
    ]);
  });

  it('loses nothing', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1, maxLength: 2 }), (text, wanted) => {
        const line = parseAnsi(text);
        const found = findPlaces(line.text, compileQuery({ ...NO_QUERY, text: wanted }));
        const pieces = linePieces(line, findFileLinks(line.text), found);
        expect(pieces.map((piece) => piece.text).join('')).toBe(line.text);
      }),
    );
  });
});

describe('searching', () => {
  it('takes text as it is and expressions as such', () => {
    expect(findPlaces('a.b axb', compileQuery({ ...NO_QUERY, text: 'A.B' }))).toStrictEqual([
      { start: 0, end: 3 },
    ]);
    expect(
      findPlaces('a.b axb', compileQuery({ ...NO_QUERY, text: 'a.b', regex: true })),
    ).toHaveLength(2);
    expect(findPlaces('aaa', compileQuery({ ...NO_QUERY, text: 'x*', regex: true }))).toStrictEqual(
      [],
    );
    expect(compileQuery({ ...NO_QUERY, text: '(', regex: true })).toStrictEqual({
      kind: 'invalid',
      reason: 'Unterminated group',
    });
  });

  it('goes around', () => {
    expect(matchFrom([2, 5, 9], 5, 'next')).toBe(2);
    expect(matchFrom([2, 5, 9], 9, 'next')).toBe(0);
    expect(matchFrom([2, 5, 9], 2, 'previous')).toBe(2);
    expect(matchFrom([], 2, 'next')).toBe(-1);
  });
});

describe('lineTime', () => {
  it('counts from the beginning of the phase', () => {
    const since = (ms: number) => lineTime('relative', 1000 + ms, 1000);
    expect([0, 1234, 61_005, 3_723_004, -5].map(since)).toStrictEqual([
      '0.000',
      '1.234',
      '1:01.005',
      '1:02:03.004',
      '0.000',
    ]);
    expect([lineTime('none', 1, 1), lineTime('relative', 1, null)]).toStrictEqual([null, '']);
    expect(lineTime('absolute', Date.now(), null)).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/);
  });
});

describe('a selection', () => {
  it('takes the parts of its first and last line, whichever way it was drawn', () => {
    const ends = ordered({ anchor: { line: 7, offset: 2 }, focus: { line: 5, offset: 3 } });
    expect([5, 6, 7].map((line) => selectedPart('abcdef', line, ends))).toStrictEqual([
      'def',
      'abcdef',
      'ab',
    ]);
  });
});

describe('placeMarks', () => {
  it('keeps one mark of a kind for a place, of the first line', () => {
    const marks = [
      { line: 1, kind: 'warning' },
      { line: 0, kind: 'error' },
      { line: 2, kind: 'error' },
      { line: 999, kind: 'error' },
    ] as const;
    expect(placeMarks(marks, 1000, 100)).toStrictEqual([
      { place: 0, kind: 'warning', line: 1 },
      { place: 0, kind: 'error', line: 0 },
      { place: 99, kind: 'error', line: 999 },
    ]);
    expect(firstError(marks)).toBe(0);
    expect(firstError([])).toBeNull();
  });
});

describe('LinePages', () => {
  const settled = () => new Promise((resolve) => setTimeout(resolve));

  function log(lines: string[]) {
    const asked: [number, number][] = [];
    const failed = vi.fn();
    const pages = new LinePages<string>(
      (from, count) => {
        asked.push([from, count]);
        return Promise.resolve(lines.slice(from, from + count));
      },
      () => undefined,
      failed,
    );
    pages.total = lines.length;
    return { pages, asked, failed };
  }

  it('reads the pages one looks at, once', async () => {
    const { pages, asked } = log(Array.from({ length: 2000 }, (_, at) => `line ${at}`));
    pages.want(490, 510);
    pages.want(490, 510);
    await settled();
    pages.want(490, 510);
    expect(asked).toStrictEqual([
      [0, PAGE_LINES],
      [500, PAGE_LINES],
    ]);
    expect([pages.get(499), pages.get(500), pages.get(1000)]).toStrictEqual([
      'line 499',
      'line 500',
      undefined,
    ]);
  });

  it('reads on where a log has grown, and again the line that was going on', async () => {
    const lines = ['one', 'tw'];
    const { pages, asked } = log(lines);
    pages.want(0, 10);
    await settled();
    lines[1] = 'two';
    lines.push('three');
    pages.total = 3;
    pages.want(0, 10);
    await settled();
    expect(asked).toStrictEqual([
      [0, 2],
      [1, 2],
    ]);
    expect([pages.get(0), pages.get(1), pages.get(2)]).toStrictEqual(['one', 'two', 'three']);
  });

  it('gives up what is out of sight, and drops what was not looked at for long', async () => {
    const signals: AbortSignal[] = [];
    const pages = new LinePages<string>(
      (from, count, signal) => {
        signals.push(signal);
        return Promise.resolve(Array.from({ length: count }, (_, at) => `${from + at}`));
      },
      () => undefined,
      () => undefined,
    );
    pages.total = 100_000;
    pages.want(0, 10);
    pages.want(5000, 5010);
    expect(signals.map((signal) => signal.aborted)).toStrictEqual([true, false]);
    await settled();
    for (let line = 0; line < 100_000; line += PAGE_LINES) {
      pages.want(line, line + 1);
      await settled();
    }
    expect([pages.get(0), pages.get(99_999)]).toStrictEqual([undefined, '99999']);
  });

  it('does not ask again and again for what it cannot get', async () => {
    const { pages, asked, failed } = log([]);
    pages.total = 10;
    for (let turn = 0; turn < 3; turn += 1) {
      pages.want(0, 10);
      await settled();
    }
    expect(asked).toHaveLength(1);
    expect(failed).not.toHaveBeenCalled();
  });
});

describe('RowHeights', () => {
  it('agrees with adding up', () => {
    const measured = fc.array(fc.tuple(fc.nat(199), fc.integer({ min: 1, max: 90 })));
    fc.assert(
      fc.property(measured, fc.double({ min: 0, max: 9000, noNaN: true }), (rows, pixels) => {
        const heights = new RowHeights(20);
        heights.count = 200;
        const plain = Array<number>(200).fill(20);
        for (const [row, height] of rows) {
          heights.measure(row, height);
          plain[row] = height;
        }
        const tops = [0];
        for (const height of plain) tops.push((tops.at(-1) ?? 0) + height);
        expect(heights.total).toBeCloseTo(tops[200] ?? 0);
        expect(heights.top(77)).toBeCloseTo(tops[77] ?? 0);
        const row = Math.min(
          199,
          tops.findLastIndex((top) => top <= pixels),
        );
        expect(heights.rowAt(pixels)).toBe(row);
      }),
    );
  });
});

describe('ScrollSpace', () => {
  const huge: space.ScrollSpace = { total: 200_000_000, view: 800, scrollTop: 0, shift: 0 };
  const lastTop = space.HIGHEST - huge.view;

  it('is the plain thing where it fits', () => {
    const small = space.scrolled({ total: 5000, view: 800, scrollTop: 0, shift: 0 }, 4000);
    expect([space.elementHeight(small), space.position(small), small.shift]).toStrictEqual([
      5000, 4000, 0,
    ]);
  });

  it('moves by pixels for the wheel and by proportion for the thumb', () => {
    const middle = space.scrolled(huge, space.HIGHEST / 2);
    expect(space.position(middle) / huge.total).toBeCloseTo(0.5, 2);
    const wheeled = space.scrolled(middle, middle.scrollTop + 100);
    expect(space.position(wheeled) - space.position(middle)).toBeCloseTo(100);
  });

  it('reaches both ends, every pixel near them', () => {
    expect(space.position(space.scrolled(huge, lastTop))).toBe(huge.total - huge.view);
    expect(space.position(space.scrolled(huge, lastTop - 5000))).toBe(
      huge.total - huge.view - 5000,
    );
    expect(space.isAtEnd(space.scrolledTo(huge, Infinity))).toBe(true);
    expect(space.position(space.scrolled(space.scrolledTo(huge, 1e8), 0))).toBe(0);
  });

  it('goes to any position and settles without leaving it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 199_999_200 }),
        fc.integer({ min: -900, max: 900 }),
        (wanted, step) => {
          const there = space.scrolledTo(huge, wanted);
          expect(space.position(there)).toBeCloseTo(wanted, 3);
          const after = space.scrolled(
            there,
            Math.max(1, Math.min(lastTop - 1, there.scrollTop + step)),
          );
          expect(space.position(space.settled(after))).toBeCloseTo(space.position(after), 3);
          const back = space.scrolledTo(huge, space.position(after));
          expect(space.settled(after).scrollTop).toBeCloseTo(back.scrollTop, 3);
        },
      ),
    );
  });

  it('stays where it is when the log grows', () => {
    const read = space.scrolledTo({ ...huge, total: 50_000 }, 30_000);
    const grown = space.resized(read, 60_000, 800);
    expect([grown.scrollTop, space.position(grown)]).toStrictEqual([30_000, 30_000]);
    const over = space.resized(read, 300_000_000, 800);
    expect(space.position(over)).toBe(30_000);
    expect(space.position(space.resized(read, 1000, 800))).toBe(200);
  });
});
