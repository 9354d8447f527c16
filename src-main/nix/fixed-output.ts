/** Derivations whose output's hash is written in them: what they promise, and whether a result keeps the promise. */
import { StrataError } from '../protocol/errors.ts';
import type { Derivation } from './derivation.ts';

export interface FixedOutput {
  /** `md5`, `sha1`, `sha256`, `sha512` or `blake3`. */
  readonly algorithm: string;
  /** Whether the bytes of one file are hashed, or the archive of a tree. */
  readonly mode: 'flat' | 'recursive';
  /** Base 16. */
  readonly hash: string;
}

/** What the only output of the derivation must hash to; null where its hash is not fixed. */
export function fixedOutput(derivation: Derivation): FixedOutput | null {
  const output = derivation.outputs.get('out');
  if (output === undefined || derivation.outputs.size > 1) return null;
  // `impure` is no hash: it says that the output is never the same (Nix 2.8: parseDerivationOutput).
  if (output.hashAlgorithm === '' || output.hash === '' || output.hash === 'impure') return null;
  const [, method = '', algorithm = ''] =
    /^(?:([a-z]+):)?([a-z0-9]+)$/.exec(output.hashAlgorithm) ?? [];
  // `text:` (builtins.toFile, dynamic derivations) hashes the bytes of a file too.
  if (method === 'r') return { algorithm, mode: 'recursive', hash: output.hash };
  if (method === '' || method === 'text') return { algorithm, mode: 'flat', hash: output.hash };
  throw new StrataError({
    code: 'environment',
    operation: 'reading the derivation’s fixed output',
    reason: `its hash is taken in the way ‘${output.hashAlgorithm}’, which Strata does not know`,
    advice: 'build it with nix-build',
  });
}

/** Whether the builder may use the network and the caller's `impureEnvVars` (Nix: `!derivationType.isSandboxed()`). */
export function isSandboxed(derivation: Derivation): boolean {
  for (const output of derivation.outputs.values()) {
    if (output.hash === 'impure') return false;
  }
  return fixedOutput(derivation) === null;
}

export interface HashCheck {
  readonly matches: boolean;
  /** Both as `sha256-<base 64>`, the form that Nix's own message has. */
  readonly expected: string;
  readonly got: string;
}

/** The options with which `nix-hash` hashes such an output. */
export function hashArguments(fixed: FixedOutput): readonly string[] {
  return ['--type', fixed.algorithm, ...(fixed.mode === 'flat' ? ['--flat'] : [])];
}

/** Compares what `nix-hash` printed (base 16) with what is expected. */
export function compareHash(fixed: FixedOutput, base16: string): HashCheck {
  const expected = sri(fixed.algorithm, fixed.hash);
  const got = sri(fixed.algorithm, base16);
  return { matches: expected === got, expected, got };
}

function sri(algorithm: string, base16: string): string {
  return `${algorithm}-${Buffer.from(base16, 'hex').toString('base64')}`;
}
