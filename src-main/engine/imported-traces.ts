/** Files with traces of any kind, each read by what it is. */
import { StrataError } from '../protocol/errors.ts';
import type { SyscallTrace } from '../trace/syscalls/model.ts';
import type { LdDebugTrace } from '../trace/ld-debug/ld-debug-reader.ts';
import { readLibraryTraces } from './library-traces.ts';
import { readSyscallTrace } from './syscall-trace.ts';
import { tellsOfSyscalls, traceFiles } from './trace-files.ts';

export interface ImportedTraces {
  /** One a file that tells of libraries. */
  readonly libraries: readonly LdDebugTrace[];
  /** Null where no file tells of system calls. */
  readonly syscalls: SyscallTrace | null;
}

/**
 * @param given files, or directories: LD_DEBUG_OUTPUT and `strace -ff` fill one with a file a process
 * @throws StrataError `not-found` and `environment` where a file cannot be read, `format` for one that is no trace,
 *   `cancelled`
 */
export async function importTraces(
  given: readonly string[],
  signal: AbortSignal,
): Promise<ImportedTraces> {
  const calls: string[] = [];
  const others: string[] = [];
  for (const one of given) {
    for (const path of await traceFiles(one)) {
      ((await tellsOfSyscalls(path)) ? calls : others).push(path);
    }
  }
  return {
    syscalls: calls.length === 0 ? null : await readSyscallTrace(calls, signal),
    libraries: await readLibraries(others, signal),
  };
}

async function readLibraries(
  paths: readonly string[],
  signal: AbortSignal,
): Promise<readonly LdDebugTrace[]> {
  try {
    return await readLibraryTraces(paths, signal);
  } catch (error) {
    if (!(error instanceof StrataError) || error.code !== 'format') throw error;
    throw new StrataError({
      code: 'format',
      operation: error.operation,
      reason: 'it is no trace: neither text of LD_DEBUG or strace, nor of sysdig, nor a .scap',
      advice:
        'make one with LD_DEBUG=libs LD_DEBUG_OUTPUT=/tmp/ld PROGRAM, or with strace -f -o /tmp/strace.txt PROGRAM',
      cause: error,
    });
  }
}
