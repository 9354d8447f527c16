import { assert, it } from 'vitest';
import { addressWith, pageAddress } from '../../../src-renderer/connection/address.ts';
import { linesOf, pairsOf, settingOf, withSetting } from '../../../src-renderer/run-bar/pairs.ts';
import {
  attributesFile,
  pathBeingTyped,
  targetTitle,
} from '../../../src-renderer/run-bar/target-path.ts';

it('the address of the page gives the socket and its token', () => {
  assert.deepStrictEqual(pageAddress('http://127.0.0.1:81/#token=a-b&target=%2Fx+y'), {
    socket: 'ws://127.0.0.1:81/engine',
    protocols: ['strata', 'strata-token.a-b'],
    target: '/x y',
    attribute: null,
  });
  assert.deepStrictEqual(pageAddress('http://localhost:81/').protocols, ['strata']);
});

it('a target being typed is completed as a path where it is one', () => {
  assert.deepStrictEqual(pathBeingTyped('../pkgs/he'), { directory: '../pkgs/', start: 'he' });
  assert.deepStrictEqual(pathBeingTyped('he'), { directory: '', start: 'he' });
  for (const text of ['.#hello', '<nixpkgs>', 'github:a/b']) assert.isNull(pathBeingTyped(text));
});

it('attributes are listed of files, not of derivations and flake outputs', () => {
  assert.deepStrictEqual(['./a.nix', 'x.drv', '.#a', ''].map(attributesFile), [
    './a.nix',
    null,
    null,
    null,
  ]);
});

it('a target is called after its directory or file', () => {
  assert.deepStrictEqual(
    ['/a/hello/default.nix', '/a/hello/', 'b.nix', '.#x', '.'].map(targetTitle),
    ['hello', 'hello', 'b.nix', '.#x', '.'],
  );
});

it('lines of names and values become pairs and back', () => {
  assert.deepStrictEqual(pairsOf(['a=1', 'b=x=y', 'c']), [
    ['a', '1'],
    ['b', 'x=y'],
    ['c', ''],
  ]);
  assert.deepStrictEqual(linesOf([['a', '1']]), ['a=1']);
});

it('a switch of the derivation is set as Nix writes true and false', () => {
  const on = withSetting([['x', 'y']], 'doCheck', 'on');
  assert.deepStrictEqual(on, [
    ['x', 'y'],
    ['doCheck', '1'],
  ]);
  assert.deepStrictEqual(withSetting(on, 'doCheck', 'off').at(-1), ['doCheck', '']);
  assert.deepStrictEqual(withSetting(on, 'doCheck', 'derivation'), [['x', 'y']]);
  assert.deepStrictEqual(
    [on, withSetting(on, 'doCheck', 'off'), []].map((pairs) => settingOf(pairs, 'doCheck')),
    ['on', 'off', 'derivation'],
  );
});

it('a window that is loaded again has its target in its address', () => {
  const address = addressWith('http://127.0.0.1:81/#token=t&target=a', '/x y', 'b');
  assert.strictEqual(address, 'http://127.0.0.1:81/#token=t&target=%2Fx+y&attribute=b');
  assert.strictEqual(addressWith(address, '', null), 'http://127.0.0.1:81/#token=t');
});
