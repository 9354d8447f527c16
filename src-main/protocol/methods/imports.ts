/** Traces that somebody has as files, made elsewhere: LD_DEBUG's text, strace's, sysdig's. */
import { z } from '../schema.ts';
import { libraryTrace } from './libraries.ts';
import { none } from './shapes.ts';
import { syscallTrace } from './syscalls.ts';

const importedTrace = z.object({
  /** Null where no file tells of libraries. */
  libraries: libraryTrace.nullable(),
  /** Null where no file tells of system calls. */
  syscalls: syscallTrace.nullable(),
});
export type ImportedTrace = z.infer<typeof importedTrace>;

export const importsCalls = {
  /** Reads files of the engine's machine, each by what it is. */
  readTrace: {
    params: z.object({ paths: z.array(z.string()).min(1) }),
    result: importedTrace,
  },
  /** Begins a file that the front has and the engine does not: a browser tells no path of what is dropped on it. */
  handFile: { params: z.object({ name: z.string() }), result: z.object({ path: z.string() }) },
  /** The next piece of such a file; at most some megabytes. */
  handPiece: { params: z.object({ path: z.string(), base64: z.string() }), result: none },
  /** Deletes such a file. */
  dropFile: { params: z.object({ path: z.string() }), result: none },
} as const;
