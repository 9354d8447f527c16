/** Files with traces of any kind, each read by what it is. */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import type { SyscallTrace } from '../trace/syscalls/model.ts';
import type { LdDebugTrace } from '../trace/ld-debug/ld-debug-reader.ts';
import { ENOUGH_TO_KNOW, traceKind } from '../trace/syscalls/trace-kind.ts';
import { readLibraryTraces } from './library-traces.ts';
import { readSyscallTrace } from './syscall-trace.ts';

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
  const paths = (await Promise.all(given.map(filesIn))).flat();
  const kinds = await Promise.all(
    paths.map(async (path) => ({ path, isOfSyscalls: await isOfSyscalls(path) })),
  );
  const [calls, others] = [true, false].map((wanted) =>
    kinds.filter((one) => one.isOfSyscalls === wanted).map(({ path }) => path),
  ) as [string[], string[]];
  return {
    syscalls: calls.length === 0 ? null : await readSyscallTrace(calls, signal),
    libraries: await readLibraries(others, signal),
  };
}

/** The files in a directory, those of lower processes first; of all else the path itself. */
async function filesIn(path: string): Promise<readonly string[]> {
  const known = await stat(path).catch(() => null);
  if (known?.isDirectory() !== true) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  if (files.length > 0) return files.sort(byNumber.compare).map((name) => join(path, name));
  throw new StrataError({
    code: 'not-found',
    operation: `reading ${path}`,
    reason: 'no file is in it',
  });
}

const byNumber = new Intl.Collator('en', { numeric: true });

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

/** What begins with neither may have lines of LD_DEBUG further down, behind a program's own output. */
async function isOfSyscalls(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const first = Buffer.alloc(ENOUGH_TO_KNOW);
      const { bytesRead } = await file.read(first, 0, first.length, 0);
      const kind = traceKind(first.subarray(0, bytesRead));
      return kind !== null && kind !== 'ld-debug';
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new StrataError({
      code: error.code === 'ENOENT' ? 'not-found' : 'environment',
      operation: `reading ${path}`,
      reason: error.code === 'ENOENT' ? 'there is no such file' : error.message,
      cause: error,
    });
  }
}
