/** What follows from a trace of system calls, for the fronts. */
import { CONTROL_DIRECTORY } from '../sandbox/base.ts';
import {
  addressText,
  connections,
  missingFiles,
  readOutside,
  type MissingFile,
  type OutsideRead,
  type TriedConnection,
} from '../trace/syscalls/answers.ts';
import { compareAccesses, type AccessComparison } from '../trace/syscalls/comparison.ts';
import type { SyscallTrace } from '../trace/syscalls/model.ts';

export interface SyscallFindings {
  readonly missing: readonly MissingFile[];
  /** By the number of a process, the places in `missing` of what it missed; what was found elsewhere is left out. */
  readonly missedBy: ReadonlyMap<number, readonly number[]>;
  readonly outside: readonly OutsideRead[];
  /** `text` is the address as people write it. */
  readonly connections: readonly (TriedConnection & { readonly text: string })[];
}

export function syscallFindings(trace: SyscallTrace): SyscallFindings {
  const missing = missingFiles(trace).filter(isOfBuild);
  return {
    missing,
    missedBy: missedBy(missing),
    outside: readOutside(trace).filter(isOfBuild),
    connections: connections(trace).map((tried) => ({
      ...tried,
      text: addressText(tried.address),
    })),
  };
}

function missedBy(missing: readonly MissingFile[]): ReadonlyMap<number, readonly number[]> {
  const places = new Map<number, number[]>();
  for (const [place, { processes, foundAs }] of missing.entries()) {
    if (foundAs !== null) continue;
    for (const process of processes) {
      const known = places.get(process);
      if (known === undefined) places.set(process, [place]);
      else known.push(place);
    }
  }
  return places;
}

/** The files that only one of two traces found. */
export function comparedAccesses(left: SyscallTrace, right: SyscallTrace): AccessComparison {
  const { missingLeft, missingRight } = compareAccesses(left, right);
  return {
    missingLeft: missingLeft.filter(isOfBuild),
    missingRight: missingRight.filter(isOfBuild),
  };
}

/** What Strata itself has in a sandbox is no concern of anybody's. */
function isOfBuild({ path }: { readonly path: string }): boolean {
  return path !== CONTROL_DIRECTORY && !path.startsWith(`${CONTROL_DIRECTORY}/`);
}
