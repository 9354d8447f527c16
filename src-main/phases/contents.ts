/**
 * The digest of the files of a state: equal for two states whose files are equal, however they came about. Times are left
 * out on purpose: every run has its own.
 */
import { createHash } from 'node:crypto';
import type { Change } from '../snapshots/change.ts';

/** The digest of the empty tree. */
export const NO_CONTENTS = 'empty';

/**
 * `dumpVars` of the stdenv writes the whole environment to this file before each phase, for people to look at. Counting
 * it would make every phase depend on every variable; the environment is compared as what it is.
 */
const ENVIRONMENT_DUMP = '/build/env-vars';

/** The digest of a tree that comes from a parent with `parentContents` by `changes`. */
export function contentsAfter(parentContents: string, changes: readonly Change[]): string {
  const counted = changes.filter(({ path }) => path !== ENVIRONMENT_DUMP);
  if (counted.length === 0) return parentContents;
  const hash = createHash('sha256').update(`strata-contents 1\0${parentContents}\0`);
  for (const change of counted) {
    hash.update(`${change.kind}\0${change.path}\0`);
    if (change.kind === 'removed') continue;
    const { type, mode, content } = change.entry;
    hash.update(`${type}\0${mode}\0${content}\0`);
  }
  return hash.digest('hex').slice(0, 40);
}
