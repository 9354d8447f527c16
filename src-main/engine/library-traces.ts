/** Files that hold what ld.so said with LD_DEBUG, read from the disk. */
import { createReadStream } from 'node:fs';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { LdDebugReader, type LdDebugTrace } from '../trace/ld-debug/ld-debug-reader.ts';
import { findingText } from '../trace/finding-text.ts';
import { LookupPool } from '../trace/ld-debug/lookup-pool.ts';
import { isSerious } from '../trace/library-findings.ts';
import { hasFailed, resolutionTree } from '../trace/resolution-tree.ts';

export { findingText, hasFailed, isSerious, resolutionTree };

/** Larger pieces are read no faster (bytes). */
const PIECE = 256 * 1024;

/**
 * What each file tells of, in their order: a process has a file of its own with LD_DEBUG_OUTPUT. `/dev/stdin` is a file too.
 *
 * @throws StrataError `not-found` or `environment` for a file that cannot be read, `format` for one that holds no line of
 * ld.so's
 */
export async function readLibraryTraces(
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<readonly LdDebugTrace[]> {
  const pool = new LookupPool();
  const traces: LdDebugTrace[] = [];
  for (const path of paths) {
    const trace = await readTrace(path, new LdDebugReader(pool), signal);
    if (trace.lines === 0) throw noTrace(path);
    traces.push(trace);
  }
  return traces;
}

async function readTrace(
  path: string,
  reader: LdDebugReader,
  signal: AbortSignal | undefined,
): Promise<LdDebugTrace> {
  try {
    const options = signal === undefined ? {} : { signal };
    for await (const chunk of createReadStream(path, { highWaterMark: PIECE, ...options })) {
      reader.write(chunk as Buffer);
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new StrataError({
      code: error.code === 'ENOENT' ? 'not-found' : 'environment',
      operation: `reading ${path}`,
      reason: error.code === 'ENOENT' ? 'there is no such file' : error.message,
      advice:
        error.code === 'EISDIR'
          ? `give the files in it: ${path.replace(/\/+$/, '')}/*`
          : 'give files that hold what LD_DEBUG=libs printed; LD_DEBUG_OUTPUT=/tmp/ld makes /tmp/ld.PID',
      cause: error,
    });
  }
  return reader.end();
}

function noTrace(path: string): StrataError {
  return new StrataError({
    code: 'format',
    operation: `reading ${path}`,
    reason:
      'it holds no line that ld.so prints with LD_DEBUG, such as "      1234:\tfind library=libz.so.1 [0]; searching"',
    advice:
      'make such a file with LD_DEBUG=libs LD_DEBUG_OUTPUT=/tmp/ld PROGRAM, which writes /tmp/ld.PID for each process;\n' +
      'a static program, or one of musl, has no such ld.so and prints nothing',
  });
}
