import { expect, it } from 'vitest';
import { faultOf } from '../../../src-main/nix/failure-message.ts';

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
  ['other', "hash mismatch in fixed-output derivation '/nix/store/a.drv':\n  specified: sha256-A="],
  [
    'other',
    "builder for '/nix/store/a.drv' failed to produce output path for output 'out' at '/nix/store/a'",
  ],
] as const)('the fault is of the kind %s: %s', (fault, message) => {
  expect(faultOf(message)).toBe(fault);
});
