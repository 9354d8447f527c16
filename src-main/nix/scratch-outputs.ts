/**
 * Scratch outputs: the store paths that stand for a derivation's outputs while Strata builds it.
 *
 * The real output path changes with every edit of the derivation, and the layers of earlier phases are full of it. The
 * scratch path does not: it follows from the derivation's name, the output's name and the system alone. It has the real
 * path's length and name, so that whatever is measured or compiled with it is the same size.
 */
import type { Derivation } from './derivation.ts';
import { nixBase32, sha256, splitStorePath } from './store-path.ts';

/**
 * The scratch path of each output, in the order of the derivation.
 *
 * @param name the derivation's name, such as `hello-2.10`.
 * @param store the store directory, for outputs whose real path is not known before the build.
 */
export function scratchOutputs(
  derivation: Derivation,
  name: string,
  store = '/nix/store',
): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const [outputName, output] of derivation.outputs) {
    // 20 bytes are the 32 characters of a store path's hash.
    const identity = ['strata-scratch-output', derivation.system, name, outputName].join('\0');
    const hash = nixBase32(sha256(identity).subarray(0, 20));
    if (output.path === '') {
      paths.set(outputName, `${store}/${hash}-${outputPathName(name, outputName)}`);
    } else {
      const real = splitStorePath(output.path);
      paths.set(outputName, `${real.store}/${hash}-${real.name}`);
    }
  }
  return paths;
}

/** Nix: `outputPathName`. */
function outputPathName(name: string, outputName: string): string {
  return outputName === 'out' ? name : `${name}-${outputName}`;
}
