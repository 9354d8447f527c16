import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { parseTarget } from '../../../src-main/nix/target.ts';
import type { Target } from '../../../src-main/nix/target.ts';

describe('a target', () => {
  let root: string;
  beforeAll(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'strata-target-')));
    for (const directory of ['plain', 'flake', 'both', 'empty']) mkdirSync(join(root, directory));
    for (const file of [
      'plain/default.nix',
      'flake/flake.nix',
      'both/default.nix',
      'both/flake.nix',
      'a.nix',
      'b.drv',
      'odd#name.nix',
    ]) {
      writeFileSync(join(root, file), '');
    }
    symlinkSync('b.drv', join(root, 'link'));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const open = (words: string | null, attribute: string | null = null, directory = ''): Target =>
    parseTarget(words, attribute, join(root, directory));
  const file = (name: string, attribute: string | null = null): Target => ({
    kind: 'file',
    file: join(root, name),
    attribute,
  });

  test('is a file, or the default.nix of a directory', () => {
    assert.deepStrictEqual(open('a.nix', 'x.y'), file('a.nix', 'x.y'));
    assert.deepStrictEqual(open('../a.nix', null, 'plain'), file('a.nix'));
    assert.deepStrictEqual(open('plain', 'x'), file('plain/default.nix', 'x'));
    assert.deepStrictEqual(open(null, null, 'both'), file('both/default.nix'));
    assert.deepStrictEqual(open('.', null, 'both'), file('both/default.nix'));
    assert.deepStrictEqual(open('odd#name.nix'), file('odd#name.nix'));
    assert.deepStrictEqual(open('<nixpkgs>', 'hello'), {
      kind: 'file',
      file: '<nixpkgs>',
      attribute: 'hello',
    });
  });

  test('is a flake', () => {
    const references: readonly (readonly [string | null, string | null, string, string])[] = [
      [null, null, 'flake', `${root}/flake`],
      ['.', 'x', 'flake', `${root}/flake#x`],
      ['flake', null, '', `${root}/flake`],
      ['.#x', null, 'both', `${root}/both#x`],
      ['#x', null, 'both', `${root}/both#x`],
      ['../flake#x', null, 'both', `${root}/flake#x`],
      ['nixpkgs#hello', null, '', 'nixpkgs#hello'],
      ['github:NixOS/nixpkgs', 'hello', '', 'github:NixOS/nixpkgs#hello'],
      ['git+https://example.org/x?ref=y#z', null, '', 'git+https://example.org/x?ref=y#z'],
    ];
    for (const [words, attribute, directory, reference] of references) {
      assert.deepStrictEqual(open(words, attribute, directory), { kind: 'flake', reference });
    }
  });

  test('is a .drv, or a link to one', () => {
    assert.deepStrictEqual(open('b.drv'), { kind: 'drv', path: join(root, 'b.drv') });
    assert.deepStrictEqual(open('link'), { kind: 'drv', path: join(root, 'b.drv') });
  });

  test('that is not there, or contradicts itself, is refused with what to do', () => {
    const refused: readonly (readonly [string | null, string | null, RegExp, RegExp])[] = [
      [null, null, /no default.nix and no flake.nix in/, /nixpkgs#hello/],
      ['empty', null, /no default.nix and no flake.nix/, /name a \.nix file/],
      ['none.nix', null, /no file or directory .*none\.nix/, /\.nix file/],
      ['hello', null, /no file or directory/, /\.#hello or nixpkgs#hello/],
      ['none.drv', null, /no file/, /evaluate it again/],
      ['/nix/store/x.drv!out', null, /all outputs/, /name it as \/nix\/store\/x\.drv/],
      ['b.drv', 'x', /no attributes/, /leave out -A x/],
      ['.#x', 'y', /both -A and #/, /leave out one/],
    ];
    for (const [words, attribute, reason, advice] of refused) {
      assert.throws(() => open(words, attribute), { code: 'usage', reason, advice });
    }
  });
});
