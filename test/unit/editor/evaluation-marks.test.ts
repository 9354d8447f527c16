/** What is marked in a flake: what is impure in it, and what Nix said of that. */
import { describe, expect, test } from 'vitest';
import type { WireError } from '../../../src-main/protocol/wire.ts';
import { impureMarks, marksIn } from '../../../src-renderer/editor/evaluation-marks.ts';
import { impureExpressions } from '../../../src-renderer/editor/nix/impure-expressions.ts';

/** The impure parts of a text, as they are written. */
const impureIn = (text: string) =>
  impureExpressions(text).map(({ start, end }) => text.slice(start, end));

describe('impure in a flake is', () => {
  test.each([
    ['import <nixpkgs> { }', ['<nixpkgs>']],
    ['import <nixpkgs/lib>', ['<nixpkgs/lib>']],
    [
      'system = builtins.currentSystem; at = builtins.currentTime;',
      ['builtins.currentSystem', 'builtins.currentTime'],
    ],
    ['builtins . getEnv "HOME"', ['builtins . getEnv']],
    ['[ /etc/hostname ~/secrets.nix ]', ['/etc/hostname', '~/secrets.nix']],
    ['src = /home/me/${name};', ['/home/me/${name}']],
    ['import (fetchTarball "https://example.org/a.tar.gz") { }', ['fetchTarball']],
    ['builtins.fetchTarball { url = "https://example.org/a.tar.gz"; }', ['builtins.fetchTarball']],
    ['builtins.fetchurl https://example.org/a', ['builtins.fetchurl']],
    ['builtins.fetchGit { url = "https://example.org/a"; ref = "main"; }', ['builtins.fetchGit']],
    ['builtins.storePath "/nix/store/x"', ['builtins.storePath']],
    ['"at ${builtins.getEnv "HOME"}/x"', ['builtins.getEnv']],
    ["''\n  ${import <nixpkgs> { }} ''${builtins.getEnv} $${builtins.getEnv}\n''", ['<nixpkgs>']],
    ['"${"${x { y = builtins.currentTime; }}"}"', ['builtins.currentTime']],
    [
      './dir/${builtins.getEnv "X"}/${builtins.currentSystem}',
      ['builtins.getEnv', 'builtins.currentSystem'],
    ],
    ['/srv/${builtins.getEnv "X"}', ['/srv/${builtins.getEnv "X"}', 'builtins.getEnv']],
    ['"${builtins.currentSystem', ['builtins.currentSystem']],
  ])('%s', (text, impure) => {
    expect(impureIn(text)).toStrictEqual(impure);
  });

  test.each([
    'import <nix/fetchurl.nix>',
    './relative ../above ./dir/${name}',
    "\"/etc/hostname\" + ''<nixpkgs> ${name}'' # /etc <nixpkgs> builtins.currentTime",
    '"\\${builtins.getEnv}" + "builtins.currentTime"',
    'inputs.nixpkgs.url = "path:/srv/nixpkgs";',
    'pkgs.fetchurl { url = "https://example.org/a"; }',
    'fetchurl { url = "https://example.org/a"; }',
    'builtins.fetchTarball { url = "https://example.org/a"; sha256 = "0000"; }',
    'builtins.fetchGit { inherit url rev; }',
    'builtins.fetchTarball source',
    'builtins.fetchTarball { url = ',
    'self.currentSystem',
    '{ fetchTarball, currentSystem }: a / b',
  ])('not %s', (text) => {
    expect(impureIn(text)).toStrictEqual([]);
  });
});

describe('the marks of a flake', () => {
  const path = '/home/me/flake.nix';
  const text =
    '{\n  outputs = _: {\n    a = import <nixpkgs> { };\n    b = /etc/hostname;\n  };\n}\n';

  test('say what is refused and the fix, before anything is evaluated', () => {
    expect(impureMarks(text, null, [])).toStrictEqual([
      {
        kind: 'info',
        message:
          'Impure: <nixpkgs> is looked up in NIX_PATH, which is another on each machine.\n' +
          'Fix: make it an input of the flake: inputs.nixpkgs.url = "github:NixOS/nixpkgs"; then nixpkgs.legacyPackages.${system}, or import nixpkgs { inherit system; }',
        line: 3,
        column: 16,
        length: 9,
      },
      {
        kind: 'info',
        message:
          'Impure: /etc/hostname lies outside the flake: elsewhere it may be another file, or none.\n' +
          'Fix: copy it into the flake and write a relative path (./name), or make it an input: inputs.name = { url = "path:…"; flake = false; }',
        line: 4,
        column: 9,
        length: 13,
      },
    ]);
  });

  test('leave a place to the error of the evaluation, which has the advice', () => {
    const error = failure("cannot look up '<nixpkgs>' in pure evaluation mode", [
      { file: path, line: 3, column: 16 },
    ]);
    const marks = marksIn(path, error);
    expect(marks).toStrictEqual([
      { kind: 'error', message: `${error.reason}\nthe advice`, line: 3, column: 16, length: null },
    ]);
    expect(impureMarks(text, error, marks).map(({ kind, line }) => [kind, line])).toStrictEqual([
      ['info', 4],
    ]);
  });

  test('find the place of an error that has none', () => {
    const error = failure(
      "access to absolute path '/etc' is forbidden in pure evaluation mode",
      [],
    );
    expect(impureMarks(text, error, []).map(({ kind, line }) => [kind, line])).toStrictEqual([
      ['info', 3],
      ['error', 4],
    ]);
  });
});

function failure(reason: string, positions: WireError['positions']): WireError {
  return {
    code: 'nix',
    operation: 'evaluating',
    reason,
    advice: 'the advice',
    choices: [],
    output: null,
    positions,
  };
}
