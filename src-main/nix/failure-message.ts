/** What Nix's error messages say of derivations: which one failed by itself, and which one only waited for another. */

/** The first derivation that a message names. */
const DERIVATION = /'(\/[^'\n]*\.drv)'/;

/** `1 dependencies of derivation '….drv' failed to build` (until Nix 2.31); `Reason: 1 dependency failed.` */
const BY_DEPENDENCY = /\bdependenc(?:y|ies) (?:of derivation .*)?failed/;

/** The summary at the end: `build of '….drv', '….drv' failed`. */
const SUMMARY = /^(?:error: )?build of '/;

/**
 * The derivation whose own failure a message tells: `builder for '….drv' failed with exit code 2` (until Nix 2.31), then
 * `Cannot build '….drv'.` and a `Reason:`; `hash mismatch in fixed-output derivation '….drv'`, `a 'system' … is required
 * to build '….drv'`. Not the derivations that only wait for it, nor the summary at the end.
 *
 * @param message without colours
 */
export function failedDerivation(message: string): string | null {
  if (BY_DEPENDENCY.test(message) || SUMMARY.test(message)) return null;
  return DERIVATION.exec(message)?.[1] ?? null;
}

/** The derivation that a message says is not built because others failed. */
export function derivationWithoutInputs(message: string): string | null {
  return BY_DEPENDENCY.test(message) ? (DERIVATION.exec(message)?.[1] ?? null) : null;
}

/** Nix's own last lines of the builder's log, and where to have all: whoever shows a failure has the log itself. */
const OWN_TAIL = /;?\n\s*last \d+ log lines:[^]*$/i;

/** A message of {@link failedDerivation} without what Nix shows of the log. */
export function withoutLogTail(message: string): string {
  return message.replace(OWN_TAIL, '');
}

/**
 * What failed: the builder, in the phase it was in; two builds that differ (`--check`); the settings, which keep a derivation
 * with `__noChroot` from being begun; the lack of a machine for its system; or what Nix looks at before a builder begins and after it has ended, such as the
 * digest of a fixed output.
 */
export type Fault = 'builder' | 'difference' | 'no-chroot' | 'no-machine' | 'other';

/** @param message of {@link failedDerivation}; null where Nix said nothing */
export function faultOf(message: string | null): Fault {
  if (message === null || BY_BUILDER.test(message)) return 'builder';
  if (message.includes('may not be deterministic')) return 'difference';
  if (BY_MACHINE.test(message)) return 'no-machine';
  return message.includes("'__noChroot' set") ? 'no-chroot' : 'other';
}

/**
 * `a 'aarch64-linux' with features {} is required to build '…'` until Nix 2.30, then `Reason: required system or feature not
 * available`.
 */
const BY_MACHINE = /\bis required to build\b|\brequired system or feature not available\b/;

/** `builder for '…' failed with exit code 1`, `Reason: builder failed …`, and ends that Nix made to it (worker.cc). */
const BY_BUILDER =
  /\bbuilder (?:for '[^']*' )?failed(?! to produce)|\btimed out after\b|\bkilled after writing more than\b/;
