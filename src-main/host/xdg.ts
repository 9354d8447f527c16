/** Directories of the XDG Base Directory Specification. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Strata's directory below the one that a variable names.
 *
 * @param usual below the home directory, where the variable is unset or, as the specification says, not absolute
 */
export function xdgDirectory(
  env: Readonly<Record<string, string | undefined>>,
  variable: 'XDG_CACHE_HOME' | 'XDG_CONFIG_HOME' | 'XDG_DATA_HOME',
  usual: string,
): string {
  const given = env[variable];
  const base = given !== undefined && isAbsolute(given) ? given : join(homedir(), usual);
  return join(base, 'strata');
}
