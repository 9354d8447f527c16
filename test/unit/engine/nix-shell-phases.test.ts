/** What is known of the phases of a nix-shell, by what its bash has written down. */
import { expect, test } from 'vitest';
import { phasesOf } from '../../../src-main/engine/nix-shell-phases.ts';

const LISTED = 'unpackPhase\nbuildPhase\ninstallPhase\n-distPhase\n';

test('those that were not run wait, or are passed over', () => {
  expect(phasesOf(LISTED, '', '')).toStrictEqual([
    { name: 'unpackPhase', state: 'waiting' },
    { name: 'buildPhase', state: 'waiting' },
    { name: 'installPhase', state: 'waiting' },
    { name: 'distPhase', state: 'skipped' },
  ]);
});

test('one that failed has its status, and the one that runs is known', () => {
  const phases = phasesOf(LISTED, 'unpackPhase 0\nbuildPhase 2\ndistPhase 0\n', 'installPhase');
  expect(phases).toStrictEqual([
    { name: 'unpackPhase', state: 'done' },
    { name: 'buildPhase', state: 'failed', status: 2 },
    { name: 'installPhase', state: 'running' },
    { name: 'distPhase', state: 'done' },
  ]);
});

test('what was run before an earlier phase is stale, whether it failed or not', () => {
  const ran = 'buildPhase 1\ninstallPhase 0\nunpackPhase 0\n';
  expect(phasesOf(LISTED, ran, '').map(({ state }) => state)).toStrictEqual([
    'done',
    'stale',
    'stale',
    'skipped',
  ]);
  // A later phase run again takes nothing back.
  const later = 'unpackPhase 0\ninstallPhase 0\nbuildPhase 0\ninstallPhase 0\n';
  expect(phasesOf(LISTED, later.replace('installPhase 0\n', ''), '')[1]?.state).toBe('done');
});
