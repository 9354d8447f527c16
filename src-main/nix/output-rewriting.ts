/**
 * Putting scratch paths where a derivation speaks of its outputs.
 *
 * As Nix does for its own redirected outputs (`inputRewrites` in src/libstore/build/local-derivation-goal.cc), the hash
 * part alone is replaced: so a path is found inside longer strings and in flags such as `-rpath=…`, and keeps its name.
 */
import { dirname } from 'node:path/posix';
import type { Derivation } from './derivation.ts';
import { placeholder, splitStorePath } from './store-path.ts';

/**
 * What to replace by what: the real outputs' hashes by the scratch hashes, or whole paths where the outputs are to be outside of
 * the store; the placeholders by whole scratch paths.
 */
export function outputRewrites(
  derivation: Derivation,
  scratch: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const rewrites = new Map<string, string>();
  for (const [name, output] of derivation.outputs) {
    const path = scratch.get(name);
    if (path === undefined) continue;
    rewrites.set(placeholder(name), path);
    if (output.path === '') continue;
    // Outside of the store an output has no hash to be known by, and its name need not be the same.
    if (dirname(path) !== dirname(output.path)) rewrites.set(output.path, path);
    else {
      rewrites.set(splitStorePath(output.path).hash, splitStorePath(path).hash);
    }
  }
  return rewrites;
}

/** The text with every key of `rewrites` replaced; the keys are hashes, so none occurs by chance. */
export function rewriteText(text: string, rewrites: ReadonlyMap<string, string>): string {
  let rewritten = text;
  for (const [from, to] of rewrites) rewritten = rewritten.replaceAll(from, () => to);
  return rewritten;
}
