/** What is left of a build's escape sequences: how the text looks, and nothing else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleText } from '../../../src-main/protocol/visible-text.ts';
import { PLAIN, applySgr, parseAnsi } from '../../../src-renderer/log/ansi.ts';

const red = { ...PLAIN, foreground: { kind: 'named', index: 1 } as const };

describe('parseAnsi', () => {
  it('shows what the engine searches', () => {
    const pieces = fc.constantFrom(
      '\r',
      '\x1b[31m',
      '\x1b[',
      '\x9b',
      'm',
      '\u202e',
      '\t',
      'a',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string())), (parts) => {
        const line = parts.join('');
        expect(parseAnsi(line).text).toBe(visibleText(line));
      }),
    );
  });

  it('reads what GCC prints', () => {
    expect(
      parseAnsi('\x1b[01m\x1b[Kmain.c:3:5:\x1b[m\x1b[K \x1b[01;31m\x1b[Kerror: \x1b[m\x1b[Kno'),
    ).toStrictEqual({
      text: 'main.c:3:5: error: no',
      spans: [
        { start: 0, end: 11, style: { ...PLAIN, bold: true } },
        { start: 12, end: 19, style: { ...red, bold: true } },
      ],
    });
  });

  it('joins neighbours that look alike', () => {
    expect(parseAnsi('\x1b[31ma\x1b[Kb\x1b[39;31mc').spans).toStrictEqual([
      { start: 0, end: 3, style: red },
    ]);
  });

  it.each([
    ['cursor movement', 'a\x1b[2J\x1b[1;1Hb', 'ab'],
    ['a window title', 'a\x1b]0;pwned\x07b', 'ab'],
    ['a hyperlink', '\x1b]8;;http://x/\x1b\\text\x1b]8;;\x1b\\', 'text'],
    ['a device control string', 'a\x1bP+q544e\x1b\\b', 'ab'],
    ['a title in C1 bytes', 'a\x9d0;x\x9cb', 'ab'],
    ['CSI in C1', 'a\x9b31mb', 'ab'],
    ['character sets', '\x1b(Ba\x1b#8', 'a'],
    ['a string that the line does not end', 'a\x1b]0;important', 'a0;important'],
    ['a sequence that is broken off', 'a\x1b[31', 'a'],
    ['the tab, which stays', 'a\tb\x07\x08\x00\x7f', 'a\tb'],
    ['what the carriage return goes over', ' 10 %\r 20 %\r100 %', '100 %'],
    ['a carriage return at the end', 'done\r', 'done'],
    [
      'marks that reorder text, made visible',
      'a\u202eb\u2066c\u200fd',
      'a\\u202eb\\u2066c\\u200fd',
    ],
    ['HTML, which is text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ])('%s', (_, line, text) => {
    expect(parseAnsi(line).text).toBe(text);
  });

  const hostile = fc
    .array(
      fc.oneof(
        fc.string(),
        fc.constantFrom(
          '\x1b',
          '\x1b[',
          '\x9b',
          'm',
          ';',
          ':',
          '38;2;',
          '38;5;',
          '4:3',
          '\x1b]',
          '\x07',
          '\r',
          '\u202e',
          '\x1b\\',
          '0',
          '31',
          '255',
        ),
        fc.integer({ min: 0, max: 300 }).map((code) => `\x1b[${code}m`),
        fc.string({ unit: 'binary' }),
      ),
    )
    .map((parts) => parts.join(''));

  it('lets no control character and no mark of direction through, and keeps its spans in order', () => {
    fc.assert(
      fc.property(hostile, (line) => {
        const { text, spans } = parseAnsi(line);
        expect(text).not.toMatch(
          /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/,
        );
        let end = 0;
        for (const span of spans) {
          expect(span.start).toBeGreaterThanOrEqual(end);
          expect(span.end).toBeGreaterThan(span.start);
          end = span.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it('leaves printable text alone', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseAnsi(text)).toStrictEqual({ text, spans: [] });
        expect(parseAnsi(`\x1b[1m${text}\x1b[0m`).text).toBe(text);
      }),
    );
  });

  it('stays quick on a line of 64 KiB of anything', () => {
    for (const unit of [
      '\x1b[',
      '\x1b]',
      '\x1b]\x1b[',
      '\x1b[1m',
      '\x1b[;;;;',
      '\x1bP',
      '\r',
      '\u202e',
    ]) {
      const line = unit.repeat(65536 / unit.length);
      const start = performance.now();
      parseAnsi(line);
      expect(performance.now() - start).toBeLessThan(250);
    }
  });
});

describe('applySgr', () => {
  const rgb = (red: number, green: number, blue: number) =>
    ({ kind: 'rgb', red, green, blue }) as const;

  it.each([
    ['', PLAIN],
    ['0', PLAIN],
    ['1;3;4', { ...PLAIN, bold: true, italic: true, underline: true }],
    ['4:3', { ...PLAIN, underline: true }],
    ['4:0', PLAIN],
    ['2;7;9', { ...PLAIN, dim: true, inverse: true, strike: true }],
    [
      '91;104',
      {
        ...PLAIN,
        foreground: { kind: 'named', index: 9 },
        background: { kind: 'named', index: 12 },
      },
    ],
    ['38;5;9', { ...PLAIN, foreground: { kind: 'named', index: 9 } }],
    ['38;5;208', { ...PLAIN, foreground: rgb(255, 135, 0) }],
    ['48;5;232', { ...PLAIN, background: rgb(8, 8, 8) }],
    ['38;2;1;2;3;1', { ...PLAIN, foreground: rgb(1, 2, 3), bold: true }],
    ['38:2:1:2:3', { ...PLAIN, foreground: rgb(1, 2, 3) }],
    ['38:2::1:2:3;4', { ...PLAIN, foreground: rgb(1, 2, 3), underline: true }],
    ['38;5;999', PLAIN],
    ['38;2;1;2;999', PLAIN],
    ['38', PLAIN],
    ['5;8;73', PLAIN],
    ['?1', PLAIN],
    ['>4;1', PLAIN],
  ])('%s', (parameters, style) => {
    expect(applySgr(PLAIN, parameters)).toStrictEqual(style);
  });
});
