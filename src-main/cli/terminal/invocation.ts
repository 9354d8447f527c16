/** How the person calls Strata, so that the commands we print can be copied as they are. */
import { basename, relative } from 'node:path';

/**
 * @param script the program's file, `process.argv[1]`: the link `strata` where it is installed, a file otherwise
 */
export function invocation(
  script: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): string {
  // npm and npx say so to what they start, directly or through a script.
  if (env['npm_execpath'] !== undefined || env['npm_command'] !== undefined) return 'npx strata';
  if (!/\.[cm]?[jt]s$/.test(basename(script))) return 'strata';
  const near = relative(cwd, script);
  return `node ${near.startsWith('../../..') ? script : near}`;
}
