/** Store paths that came as plain directories, put into this machine's store. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../host/process.ts';
import { StrataError } from '../protocol/errors.ts';

/**
 * Adds paths to the store by `nix-store --export` from a store of their own and `--import`: the digest of each is checked
 * against what is registered, but nobody's signature.
 *
 * @param root holds `nix/store` with the paths and all they refer to
 * @param registration what {@link registration} gave for all of them
 * @throws StrataError `nix` where a digest does not match, or a daemon does not trust this user.
 */
export async function importStorePaths(
  root: string,
  registration: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const operation = 'putting the inputs into the store';
  await mkdir(join(root, 'nix', 'var'), { recursive: true });
  const list = join(root, 'paths');
  await writeFile(list, paths.map((path) => `${path}\0`).join(''));
  await runTool({
    operation,
    tool: 'nix-store',
    args: ['--store', root, '--load-db'],
    input: registration,
    signal,
  });
  // One command for all: it sorts them, so that what a path refers to is there before it.
  const script = `set -o pipefail; xargs -0 -x -n 100000 -s 1900000 nix-store --store "$0" --export < "$1" | nix-store --import >/dev/null`;
  try {
    await runTool({ operation, tool: 'bash', args: ['-c', script, root, list], signal });
  } catch (error) {
    if (!(error instanceof StrataError) || error.output === undefined) throw error;
    throw new StrataError({
      code: 'nix',
      operation,
      reason: error.output.split('\n').at(-1) ?? error.reason,
      advice: /trusted|privileged|signature/.test(error.output)
        ? 'the Nix daemon takes unsigned paths from trusted users alone: add yourself to trusted-users in nix.conf, or let root import the image'
        : 'get or export the image again',
      output: error.output,
      cause: error,
    });
  }
}

/**
 * The paths that a registration is about. Each has its path, digest, size, deriver, and its references with their number.
 *
 * @throws StrataError `format` where a number is none: the text may be a stranger's.
 */
export function registeredPaths(registration: string): readonly string[] {
  const lines = registration.split('\n');
  const paths: string[] = [];
  for (let at = 0; at + 4 < lines.length;) {
    paths.push(lines[at] ?? '');
    const count = lines[at + 4] ?? '';
    if (!/^\d{1,9}$/.test(count)) {
      throw new StrataError({
        code: 'format',
        operation: 'reading what a store knows of its paths',
        reason: `${JSON.stringify(count)} is no number of references`,
        advice: 'get or export the image again',
      });
    }
    at += 5 + Number(count);
  }
  return paths;
}
