import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { terminalLines, terminalText } from '../../../src-main/cli/terminal/terminal-text.ts';

const ESC = '\u001b';

describe('what a build prints', () => {
  test.each([
    ['words', 'cc -O2 -o main main.c', 'cc -O2 -o main main.c'],
    ['a tab', 'a\tb', 'a\tb'],
    ['moving the cursor and erasing', `${ESC}[2J${ESC}[1;1Hhome${ESC}[K`, 'home'],
    ['a title, ended by BEL', `${ESC}]0;pwned\u0007text`, 'text'],
    ['a title, ended by ST', `${ESC}]0;pwned${ESC}\\text`, 'text'],
    ['a title that never ends keeps its text', `${ESC}]0;text`, '0;text'],
    ['a link', `${ESC}]8;;http://example.org${ESC}\\here${ESC}]8;;${ESC}\\`, 'here'],
    ['a device control string', `${ESC}P+q544e${ESC}\\text`, 'text'],
    ['the C1 forms of the same', '\u009b2J\u009d0;title\u009ctext\u0090q\u009c', 'text'],
    ['switching the character set, and resetting the terminal', `${ESC}(0text${ESC}c`, 'text'],
    ['backspace, bell, NUL', 'a\bb\u0007c\0d', 'abcd'],
    ['a progress bar: its last state', '10%\r50%\r100% done', '100% done'],
    ['a progress bar erased in the end: the state before', `building\r${ESC}[K`, 'building'],
    ['an escape inside an escape', `${ESC}${ESC}[2Jtext`, 'text'],
  ])('%s', (_, printed, shown) => {
    expect(terminalText(printed, 'drop')).toBe(shown);
  });

  test('keeps colours where they are wanted, and ends them with the line', () => {
    const red = `${ESC}[1;31merror:${ESC}[0m no`;
    expect(terminalText(red, 'keep')).toBe(`${red}${ESC}[0m`);
    expect(terminalText(red, 'drop')).toBe('error: no');
    expect(terminalText(`${ESC}[>4;2mtext`, 'keep')).toBe('text');
  });

  test('is cleaned line by line', () => {
    expect(terminalLines(`a\n${ESC}[Ab\n`, 'drop')).toEqual(['a', 'b', '']);
  });
});

/** Texts in which control characters and the letters of sequences are as frequent as words. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(ESC, '[', ']', ';', 'm', '\u009b', '\u009d', '\u009c', '\u0007', '\r', '\\'),
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCharCode(code)),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

test('nothing that is left can act on the terminal', () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom('keep', 'drop'), (text, colours) => {
      const shown = terminalText(text, colours).replace(
        colours === 'keep' ? /\u001b\[[\d;:]*m/g : /(?!)/,
        '',
      );
      expect(shown).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/);
    }),
    { numRuns: 2000 },
  );
});

test('text without control characters is shown as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(!/[\u0000-\u001f\u007f-\u009f]/.test(text) && text.trim() !== '');
      expect(terminalText(text, 'keep')).toBe(text);
    }),
  );
});

test('a line of a megabyte of unfinished sequences is no work', () => {
  const started = performance.now();
  for (const piece of ['\u0090', `${ESC}]`, `${ESC}[1;`, '\r']) {
    terminalText(piece.repeat(1_000_000 / piece.length), 'keep');
  }
  expect(performance.now() - started).toBeLessThan(2000);
});
