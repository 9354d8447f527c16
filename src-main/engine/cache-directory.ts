/** Where Strata keeps what it builds. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** `$XDG_CACHE_HOME/strata`, or `~/.cache/strata` where that is unset or, as the XDG specification says, not absolute. */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const given = env['XDG_CACHE_HOME'];
  const base = given !== undefined && isAbsolute(given) ? given : join(homedir(), '.cache');
  return join(base, 'strata');
}
