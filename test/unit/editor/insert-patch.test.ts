/** Where `patches = [ ./x.patch ]` goes in a Nix text. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { applyEdits, insertPatch, nixPath } from '../../../src-renderer/editor/nix/insert-patch.ts';

function patched(source: string): string | null {
  const edits = insertPatch(source, './x.patch');
  return edits === null ? null : applyEdits(source, edits);
}

test('a derivation without patches gets them after its source', () => {
  expect(
    patched(`stdenv.mkDerivation {
  pname = "a";
  src = fetchurl {
    url = "https://example.org/\${pname}.tar.gz";
    hash = "";
  }; # pinned
  doCheck = true;
}
`),
  ).toBe(`stdenv.mkDerivation {
  pname = "a";
  src = fetchurl {
    url = "https://example.org/\${pname}.tar.gz";
    hash = "";
  }; # pinned
  patches = [ ./x.patch ];
  doCheck = true;
}
`);
});

test.each([
  ['a list on one line', '[ ./a.patch ]', '[ ./a.patch ./x.patch ]'],
  ['an empty list', '[ ]', '[ ./x.patch ]'],
  [
    'a list over lines',
    '[\n    ./a.patch # why\n  ]',
    '[\n    ./a.patch # why\n    ./x.patch\n  ]',
  ],
  [
    'a list whose last element is a call',
    '[\n    (fetchpatch {\n      url = "u";\n    })\n  ]',
    '[\n    (fetchpatch {\n      url = "u";\n    })\n    ./x.patch\n  ]',
  ],
  ['a list at the end of others', 'a ++ [ ./b ]', 'a ++ [ ./b ./x.patch ]'],
  ['a name', 'old.patches', 'old.patches ++ [ ./x.patch ]'],
  ['a call', 'lib.optional c ./a', 'lib.optional c ./a ++ [ ./x.patch ]'],
  [
    'a list as the last argument of a call',
    'lib.optionals c [ ./a ]',
    'lib.optionals c [ ./a ] ++ [ ./x.patch ]',
  ],
  ['a choice', 'if c then [ ./a ] else [ ]', '(if c then [ ./a ] else [ ]) ++ [ ./x.patch ]'],
  [
    'let, with semicolons of its own',
    'let l = [ ]; in with l; l',
    '(let l = [ ]; in with l; l) ++ [ ./x.patch ]',
  ],
])('patches that are %s', (_, before, after) => {
  const text = (value: string) => `mkDerivation rec {\n  src = ./.;\n  patches = ${value};\n}\n`;
  expect(patched(text(before))).toBe(text(after));
});

test('the attributes of the derivation are meant, not those of its source or a package beside it', () => {
  expect(
    patched(`{ lib, stdenv }: let
  meta = { name = "patches = [ ]"; };
in stdenv.mkDerivation (finalAttrs: { # patches = [ ];
  src = fetchFromGitHub { patches = [ ]; rev = "1"; };
  version = "1";
})`),
  ).toContain('rev = "1"; };\n  patches = [ ./x.patch ];\n  version');
});

test('on one line', () => {
  expect(patched('mkDerivation { name = "a"; doCheck = true; }')).toBe(
    'mkDerivation { name = "a"; patches = [ ./x.patch ]; doCheck = true; }',
  );
});

test.each([
  ['no derivation', '{ a = 1; }'],
  ['nothing', ''],
  ['one that names the patch already', 'mkDerivation { patches = [ ./x.patch ]; }'],
  ['an unfinished text', 'mkDerivation { src = "'],
])('%s is left alone', (_, text) => {
  expect(insertPatch(text, './x.patch')).toBeNull();
});

test('a file name that Nix cannot write as a path is written as a string', () => {
  expect(['fix.patch', 'fixes/a-b_1.patch', 'it\'s ${a} "b".patch'].map(nixPath)).toStrictEqual([
    './fix.patch',
    './fixes/a-b_1.patch',
    '(./. + "/it\'s \\${a} \\"b\\".patch")',
  ]);
});

test('the bundled example keeps its patch and gets the new one behind it', () => {
  const source = readFileSync('resources/examples/hello/default.nix', 'utf8');
  expect(patched(source)).toBe(
    source.replace('[ ./greet-by-name.patch ]', '[ ./greet-by-name.patch ./x.patch ]'),
  );
});
