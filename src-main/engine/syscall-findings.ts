/** What follows from a trace of system calls, for the fronts. */
import {
  addressText,
  connections,
  missingFiles,
  readOutside,
  type MissingFile,
  type OutsideRead,
  type TriedConnection,
} from '../trace/syscalls/answers.ts';
import type { SyscallTrace } from '../trace/syscalls/model.ts';

export interface SyscallFindings {
  readonly missing: readonly MissingFile[];
  readonly outside: readonly OutsideRead[];
  /** `text` is the address as people write it. */
  readonly connections: readonly (TriedConnection & { readonly text: string })[];
}

export function syscallFindings(trace: SyscallTrace): SyscallFindings {
  return {
    missing: missingFiles(trace),
    outside: readOutside(trace),
    connections: connections(trace).map((tried) => ({
      ...tried,
      text: addressText(tried.address),
    })),
  };
}
