import assert from 'node:assert/strict';
import { describe, test } from 'vitest';
import type { Derivation } from '../../../src-main/nix/derivation.ts';
import { scratchOutputs } from '../../../src-main/nix/scratch-outputs.ts';
import {
  derivationName,
  nixBase32,
  placeholder,
  sha256,
  splitStorePath,
  storeDirectory,
} from '../../../src-main/nix/store-path.ts';
import { StrataError } from '../../../src-main/protocol/errors.ts';

const HASH = 'clw38khkf2cx5slbwlb1lj3193mqvzbg';

describe('store paths', () => {
  test('have a store, a hash and a name', () => {
    assert.deepStrictEqual(splitStorePath(`/nix/store/${HASH}-hello-2.10-dev`), {
      store: '/nix/store',
      hash: HASH,
      name: 'hello-2.10-dev',
    });
    assert.equal(derivationName(`/gnu/store/${HASH}-hello-2.10.drv`), 'hello-2.10');
  });

  test('are refused where they are something else', () => {
    const wrong = ['', '/nix/store', `/nix/store/${HASH}`, `/nix/store/${HASH}-x/bin`, `${HASH}-x`];
    for (const path of wrong) {
      assert.throws(() => splitStorePath(path), StrataError);
    }
  });

  test('lie in the directory that Nix reads from its environment', () => {
    assert.equal(storeDirectory({}), '/nix/store');
    assert.equal(storeDirectory({ NIX_STORE_DIR: '/s', NIX_STORE: '/t' }), '/s');
  });
});

test('base 32 and placeholders are those of Nix', () => {
  // nix-hash --type sha256 --to-base32; builtins.placeholder "out".
  assert.equal(nixBase32(sha256('')), '0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73');
  assert.equal(nixBase32(sha256('big')), '1lak0mvllw8rv9i9ygkglvhqsq19qi9ynl4bi7gbf69ab5nzw89a');
  assert.equal(placeholder('out'), '/1rz4g4znpzjwh1xymhjpm42vipw92pr73vdgl6xs1hycac8kf2n9');
});

function derivation(outputs: Record<string, string>, builder = '/bin/sh'): Derivation {
  return {
    outputs: new Map(
      Object.entries(outputs).map(([name, path]) => [name, { path, hashAlgorithm: '', hash: '' }]),
    ),
    inputDerivations: new Map(),
    inputSources: [],
    system: 'x86_64-linux',
    builder,
    args: [],
    env: new Map(),
  };
}

describe('scratch outputs', () => {
  const real = {
    out: `/nix/store/${HASH}-t-1`,
    dev: `/nix/store/${HASH.replace('c', 'd')}-t-1-dev`,
  };

  test('have the length and the name of the real outputs', () => {
    const scratch = scratchOutputs(derivation(real), 't-1');
    assert.deepStrictEqual([...scratch.keys()], ['out', 'dev']);
    for (const [name, path] of scratch) {
      const expected = splitStorePath(name === 'out' ? real.out : real.dev);
      const got = splitStorePath(path);
      assert.deepStrictEqual(got, { ...expected, hash: got.hash });
      assert.notEqual(got.hash, expected.hash);
    }
  });

  test('stay where they are when the derivation is edited', () => {
    const edited = { out: real.out.replace('clw', 'abc'), dev: real.dev.replace('dlw', 'abc') };
    assert.deepStrictEqual(
      scratchOutputs(derivation(edited, '/bin/bash'), 't-1'),
      scratchOutputs(derivation(real), 't-1'),
    );
  });

  test('differ by name, output and system', () => {
    const outputs = derivation(real);
    const paths = [
      ...scratchOutputs(outputs, 't-1').values(),
      ...scratchOutputs(outputs, 't-2').values(),
      ...scratchOutputs({ ...outputs, system: 'i686-linux' }, 't-1').values(),
    ];
    assert.equal(new Set(paths).size, 6);
  });

  test('stand for outputs that are known only after the build, too', () => {
    const scratch = scratchOutputs(derivation({ out: '', lib: '' }), 'ca', '/s');
    const names = [...scratch.values()].map((path) => path.replace(/^\/s\/[^-]{32}/, ''));
    assert.deepStrictEqual(names, ['-ca', '-ca-lib']);
  });
});
