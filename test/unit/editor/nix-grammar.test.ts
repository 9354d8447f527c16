/** The grammar through Monaco's own Monarch compiler and lexer: what colours what in a Nix file. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { coloured } from './coloured.ts';

/** The tokens of one kind. */
function all(kind: string, text: string): readonly string[] {
  return coloured(text).tokens.flatMap(([piece, itsKind]) => (itsKind === kind ? [piece] : []));
}

describe('strings', () => {
  test('hold interpolations that hold strings', () => {
    expect(coloured('"a ${b + "c ${d}"}"').tokens).toStrictEqual([
      ['"', 'string.quote'],
      ['a ', 'string'],
      ['${', 'delimiter.interpolation'],
      ['b', 'identifier'],
      ['+', 'operator'],
      ['"', 'string.quote'],
      ['c ', 'string'],
      ['${', 'delimiter.interpolation'],
      ['d', 'identifier'],
      ['}', 'delimiter.interpolation'],
      ['"', 'string.quote'],
      ['}', 'delimiter.interpolation'],
      ['"', 'string.quote'],
    ]);
  });

  test.each([
    ['a backslash escapes', '"\\n \\${a} \\""', ['\\n', '\\$', '\\"']],
    ['two quotes escape in an indented string', "'' ''${a} ''' ''\\n ''", ["''$", "'''", "''\\n"]],
  ])('%s', (_, text, escapes) => {
    expect(all('string.escape', text)).toStrictEqual(escapes);
    expect(coloured(text).endsIn).toBe('root');
  });

  test.each(['"$${a} $"', "'' $${a} $ ''"])('two dollars begin no interpolation: %s', (text) => {
    expect(all('delimiter.interpolation', text)).toStrictEqual([]);
  });

  test('an indented string goes on over lines, and a set in an interpolation does not end it', () => {
    const text = "''\n  ${f { a = 1; }} it's\n''";
    expect(all('string', text)).toStrictEqual([" it's"]);
    expect(coloured(text).endsIn).toBe('root');
  });
});

describe('paths and addresses', () => {
  test.each(['./a', '../b.nix', '/etc/hosts', '~/x', 'a/b', '<nixpkgs>', '<nixpkgs/lib>'])(
    '%s is a path',
    (text) => {
      expect(coloured(text).tokens).toStrictEqual([[text, 'string.path']]);
    },
  );

  test('a path with an interpolation ends where its line goes on with something else', () => {
    expect(all('string.path', './a/${b}/c-${d} ++ ./e')).toStrictEqual(['./a/', '/c-', './e']);
    expect(coloured('./a/${b}\nc').tokens.at(-1)).toStrictEqual(['c', 'identifier']);
  });

  test('a colon without space makes an address and no function', () => {
    expect(all('string.uri', 'https://nixos.org/x?y=1 a:b')).toHaveLength(2);
    expect(all('variable.parameter', 'a: b')).toStrictEqual(['a']);
  });

  test('comparisons and division with spaces are operators', () => {
    expect(all('operator', 'a < b / c > d <= e')).toStrictEqual(['<', '/', '>', '<=']);
  });
});

describe('names', () => {
  test('what a binding defines stands out, in sets, in let and in paths of attributes', () => {
    const text = 'let a = 1; in { b.c."d" = a; e-f\' = a == 1; inherit (g) h; }';
    expect(all('variable.defined', text)).toStrictEqual(['a', 'b', 'c', "e-f'"]);
  });

  test('keywords, constants and what is built in', () => {
    const text = 'rec { a = import ./b; c = true; assertion = null; }';
    expect(all('keyword', text)).toStrictEqual(['rec']);
    expect(all('predefined', text)).toStrictEqual(['import']);
    expect(all('constant.language', text)).toStrictEqual(['true', 'null']);
  });

  test('parameters', () => {
    expect(all('variable.parameter', '{ a, b ? 1, ... }@args: x: y')).toStrictEqual(['args', 'x']);
  });
});

test('numbers', () => {
  expect(all('number', '1 2.5 .5 1e3 1.5e-3')).toStrictEqual(['1', '2.5', '.5', '1', '1.5e-3']);
});

test('comments of both kinds', () => {
  expect(all('comment', '# a "\n/* b\n * ${c} */ d')).toStrictEqual([
    '# a "',
    '/* b',
    ' * ${c} */',
  ]);
});

test.each(
  readdirSync('resources/examples', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `resources/examples/${name}/default.nix`),
)('%s is lexed whole: every string and bracket ends', (file) => {
  expect(coloured(readFileSync(file, 'utf8')).endsIn).toBe('root');
});
