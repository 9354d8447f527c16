/** Where a name is defined in a Nix text, and texts that only look as if it was. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findBinding } from '../../../src-renderer/editor/nix/bindings.ts';
import { tokensOf } from '../../../src-renderer/editor/nix/tokens.ts';

function lineOf(text: string, name: string): number | null {
  const binding = findBinding(text, name);
  return binding === null ? null : text.slice(0, binding.start).split('\n').length;
}

test('a phase is found where it is bound, not where it is spoken of', () => {
  const text = `# installPhase = no
{ installPhase ? null, stdenv }:
stdenv.mkDerivation {
  description = "installPhase = \${x {installPhase = 1;}}";
  buildPhase = ''
    installPhase = no
    ''\${installPhase}
  '';
  installPhase =
    let a = { }; b = 1; in with a; "make install";
}`;
  expect(lineOf(text, 'installPhase')).toBe(9);
  expect(lineOf(text, 'buildPhase')).toBe(5);
  expect(lineOf(text, 'checkPhase')).toBeNull();
});

test('a path of attributes is found by its last part', () => {
  expect(lineOf('{\n inherit (a) b;\n env.CFLAGS = "-O1";\n}', 'CFLAGS')).toBe(3);
});

test('the tokens of any text are in order, without overlap, and nothing but blanks and comments is between them', () => {
  const piece = fc.constantFrom(
    ...[
      "''",
      '"',
      '${',
      '}',
      '{',
      'a',
      ' = ',
      ';',
      '\n',
      '#',
      '/*',
      '*/',
      './p',
      '\\',
      "'",
      '[',
      ']',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      let at = 0;
      for (const { start, end } of tokensOf(text)) {
        expect(start).toBeGreaterThanOrEqual(at);
        expect(end).toBeGreaterThan(start);
        expect(text.slice(at, start)).toMatch(/^(?:\s|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$))*$/);
        at = end;
      }
    }),
  );
});
