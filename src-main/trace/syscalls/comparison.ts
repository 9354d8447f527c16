/** Files that one trace did not find and another did: as a rule the answer to why a build fails here and not there. */
import { nameOfAnyBuild } from '../lasting-names.ts';
import { foundFiles, missingFiles, type MissingFile } from './answers.ts';
import type { SyscallTrace } from './model.ts';

export interface AccessComparison {
  /** In the order in which they were first asked for. */
  readonly missingLeft: readonly MissingFile[];
  readonly missingRight: readonly MissingFile[];
}

export function compareAccesses(left: SyscallTrace, right: SyscallTrace): AccessComparison {
  return { missingLeft: lacking(left, right), missingRight: lacking(right, left) };
}

/** Files of another build of an input count as the same. */
function lacking(trace: SyscallTrace, other: SyscallTrace): readonly MissingFile[] {
  const there = new Set(Array.from(foundFiles(other), nameOfAnyBuild));
  return missingFiles(trace).filter(({ path }) => there.has(nameOfAnyBuild(path)));
}
