// With which phase a build ends, and what its shell still does then.
import { expect, test } from 'vitest';
import { endCode, endsBuild } from '../../../src-main/phases/build-end.ts';
import { state } from './states.ts';

const phases = ['installPhase', 'fixupPhase', 'installCheckPhase', 'distPhase'];

test.each([
  ['nothing follows but what is passed over', {}, [false, true, true, true]],
  ['checks are wanted', { doInstallCheck: '1' }, [false, false, true, true]],
  ['the fixup is not wanted', { dontFixup: '1' }, [true, true, true, true]],
])('a build ends where %s', (_, variables, ends) => {
  expect(phases.map((_phase, index) => endsBuild(phases, index, state({ variables })))).toEqual(
    ends,
  );
});

test.each([
  ['no trap', {}, ''],
  ['the stdenv’s without a hook', { exitTrap: 'exitHandler' }, ''],
  [
    'the stdenv’s with a hook',
    { exitTrap: 'exitHandler', variables: { exitHook: 'x' } },
    'exitHandler',
  ],
  [
    'the stdenv’s with hooks',
    { exitTrap: 'exitHandler', variables: { exitHooks: ['x'] } },
    'exitHandler',
  ],
  [
    'the stdenv’s with a function',
    { exitTrap: 'exitHandler', functions: { exitHook: 'x' } },
    'exitHandler',
  ],
  ['another', { exitTrap: 'rm -r tmp' }, 'rm -r tmp'],
])('at the end runs: %s', (_, sketch, code) => {
  expect(endCode(state(sketch))).toBe(code);
});
