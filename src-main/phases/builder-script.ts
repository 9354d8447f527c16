/** Whether a builder is one that runs phases: it is asked before anything runs, by reading its scripts. */
import { readFileSync, statSync } from 'node:fs';
import { isSystemError } from '../protocol/errors.ts';

/** A builder's script is small; what is larger is a program. */
const LARGEST_SCRIPT = 4 * 1024 * 1024;

/**
 * Whether the builder's script calls `genericBuild`. Scripts are the builder's arguments that are files, and code given
 * with `-c`. Files that do not exist yet (a dependency not built) count as saying nothing.
 */
export function mentionsGenericBuild(builder: string, args: readonly string[]): boolean {
  return [builder, ...args].some(
    (word) => /\bgenericBuild\b/.test(word) || /\bgenericBuild\b/.test(scriptText(word)),
  );
}

function scriptText(path: string): string {
  if (!path.startsWith('/')) return '';
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > LARGEST_SCRIPT) return '';
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (isSystemError(error)) return '';
    throw error;
  }
}

/** Whether a program is bash, by its name: then BASH_ENV reaches it. */
export function isBash(builder: string): boolean {
  return /(^|\/)bash(-[\d.]+)?$/.test(builder);
}
