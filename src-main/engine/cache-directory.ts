/** Where Strata keeps what it builds, and how. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { StrataError } from '../protocol/errors.ts';
import type { BackendName } from '../snapshots/record.ts';

/** `$XDG_CACHE_HOME/strata`, or `~/.cache/strata` where that is unset or, as the XDG specification says, not absolute. */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const given = env['XDG_CACHE_HOME'];
  const base = given !== undefined && isAbsolute(given) ? given : join(homedir(), '.cache');
  return join(base, 'strata');
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
