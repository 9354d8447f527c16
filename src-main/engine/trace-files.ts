/** Files that somebody names as a trace: which they are, and what they tell of. */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { ENOUGH_TO_KNOW, traceKind } from '../trace/syscalls/trace-kind.ts';

/**
 * The files in a directory, those of lower processes first: LD_DEBUG_OUTPUT and `strace -ff` fill one with a file a process. Of
 * all else the path itself.
 *
 * @throws StrataError `not-found` for a directory without files.
 */
export async function traceFiles(path: string): Promise<readonly string[]> {
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

/**
 * By its beginning. All else is taken for LD_DEBUG's text, of which lines may come further down, behind a program's own output:
 * also a pipe, which can be read once, and what cannot be read. Whoever reads it as that says why.
 */
export async function tellsOfSyscalls(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isFile()) return false;
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
    if (isSystemError(error)) return false;
    throw error;
  }
}
