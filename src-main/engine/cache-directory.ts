/** Where Strata keeps what it builds, and how. */
import { chmod, stat } from 'node:fs/promises';
import { makeDirectories } from '../host/durable.ts';
import { xdgDirectory } from '../host/xdg.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import type { BackendName } from '../snapshots/record.ts';

/** `$XDG_CACHE_HOME/strata`, or `~/.cache/strata` where that is unset or, as the XDG specification says, not absolute. */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>>): string {
  return xdgDirectory(env, 'XDG_CACHE_HOME', '.cache');
}

/** The backend that STRATA_SNAPSHOTTER asks for. @throws StrataError `usage` where there is none of that name. */
export function preferredBackend(
  env: Readonly<Record<string, string | undefined>>,
): BackendName | undefined {
  const given = env['STRATA_SNAPSHOTTER'];
  if (given === undefined || given === '') return undefined;
  if (given === 'overlay' || given === 'copy') return given;
  throw new StrataError({
    code: 'usage',
    operation: 'choosing how snapshots are kept',
    reason: `STRATA_SNAPSHOTTER is ${JSON.stringify(given)}`,
    advice: 'set it to overlay or copy, or leave it out',
  });
}

/**
 * Makes the directory, for its owner alone: layers hold directories that anybody may write to, and states hold what a
 * build was told. One that is there and cannot be written is left as it is: it can still be read.
 *
 * @throws StrataError `environment` where there can be no such directory.
 */
export async function makePrivate(root: string): Promise<void> {
  await makeDirectories(root, 0o700);
  try {
    // Its owner's own rights stay: who takes away the right to write may mean it.
    await chmod(root, (await stat(root)).mode & 0o700);
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}
