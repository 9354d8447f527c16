// The line that says why a phase runs.
import { describe, expect, test } from 'vitest';
import { changedInputs, explainChange } from '../../../src-main/phases/explain-change.ts';

const before = {
  'the files it starts from': 'a',
  'sandbox policy': 'strict',
  'function installPhase': 'a',
  PATH: 'a',
  NIX_CFLAGS_COMPILE: 'a',
  makeFlags: 'a',
  postInstall: 'a',
};

describe('explainChange', () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['one variable', { postInstall: 'b' }, 'postInstall changed'],
    [
      'several, the code first',
      { PATH: 'b', makeFlags: 'b', postInstall: 'b' },
      'postInstall changed, makeFlags changed, PATH changed',
    ],
    ['a new one', { preInstall: 'b' }, 'preInstall is new'],
    ['files alone', { 'the files it starts from': 'b' }, 'the files it starts from changed'],
    [
      'files and a variable',
      { 'the files it starts from': 'b', makeFlags: 'b' },
      'makeFlags changed',
    ],
    [
      'the policy',
      { 'sandbox policy': 'relaxed, network', makeFlags: 'b' },
      'the sandbox policy changed from strict to relaxed, network, makeFlags changed',
    ],
    ['many', { a: 'b', b: 'b', c: 'b', d: 'b', e: 'b' }, 'a is new, b is new, c is new and 2 more'],
    ['what changed code reaches', { postInstall: 'b', 'function say': 'b' }, 'postInstall changed'],
    ['a function', { 'function installPhase': 'b' }, 'function installPhase changed'],
    ['where the build ends', { 'the end of the build': 'here' }, 'the build ends here'],
    ['nothing', {}, 'its last result is gone'],
  ])('%s', (_, change, line) => {
    expect(explainChange(before, { ...before, ...change })).toBe(line);
  });

  test('one that is gone', () => {
    expect(explainChange({ ...before, CFLAGS: 'a' }, before)).toBe('CFLAGS is gone');
  });

  test('an input is named in place of the variables that follow from it', () => {
    const now = { ...before, PATH: 'b', NIX_CFLAGS_COMPILE: 'b' };
    expect(explainChange(before, now, ['buildInputs'])).toBe('buildInputs changed');
  });
});

test('the inputs that changed between two derivations', () => {
  const gave = {
    buildInputs: 'a',
    nativeBuildInputs: 'b',
    depsBuildBuild: '',
    stdenv: 's',
    name: 'x',
  };
  const gives = {
    buildInputs: 'a b',
    nativeBuildInputs: 'b',
    depsHostHost: 'c',
    stdenv: 't',
    name: 'y',
  };
  expect(changedInputs(gave, gives)).toEqual([
    'buildInputs',
    'depsBuildBuild',
    'depsHostHost',
    'stdenv',
  ]);
});
