import { expect, it } from 'vitest';
import { faultOf, withoutLogTail } from '../../../src-main/nix/failure-message.ts';

it.each([
  ['builder', "builder for '/nix/store/a.drv' failed with exit code 1"],
  ['builder', "Cannot build '/nix/store/a.drv'.\nReason: builder failed with exit code 1."],
  ['builder', "building of '/nix/store/a.drv' timed out after 10 seconds of silence"],
  ['builder', null],
  ['difference', "derivation '/nix/store/a.drv' may not be deterministic: output 'x' differs"],
  [
    'no-chroot',
    "derivation '/nix/store/a.drv' has '__noChroot' set, but that's not allowed when 'sandbox' is 'true'",
  ],
  [
    'no-machine',
    "a 'aarch64-linux' with features {} is required to build '/nix/store/a.drv', but I am a 'x86_64-linux' with features {kvm}",
  ],
  [
    'no-machine',
    "Cannot build '/nix/store/a.drv'.\nReason: required system or feature not available\nRequired system: 'aarch64-linux' with features {}",
  ],
  ['other', "hash mismatch in fixed-output derivation '/nix/store/a.drv':\n  specified: sha256-A="],
  [
    'other',
    "builder for '/nix/store/a.drv' failed to produce output path for output 'out' at '/nix/store/a'",
  ],
] as const)('the fault is of the kind %s: %s', (fault, message) => {
  expect(faultOf(message)).toBe(fault);
});

it.each([
  [
    "builder for '/nix/store/a.drv' failed with exit code 1;\n       last 10 log lines:\n       > boom\n       For full logs, run 'nix log /nix/store/a.drv'.",
    "builder for '/nix/store/a.drv' failed with exit code 1",
  ],
  [
    "Cannot build '/nix/store/a.drv'.\nReason: builder failed with exit code 2.\nOutput paths:\n  /nix/store/a\nLast 1 log lines:\n> boom\nFor full logs, run:\n  nix log /nix/store/a.drv",
    "Cannot build '/nix/store/a.drv'.\nReason: builder failed with exit code 2.\nOutput paths:\n  /nix/store/a",
  ],
  ["hash mismatch in '/nix/store/a.drv'", "hash mismatch in '/nix/store/a.drv'"],
])('Nix’s own lines of the log are no reason: %s', (message, reason) => {
  expect(withoutLogTail(message)).toBe(reason);
});
