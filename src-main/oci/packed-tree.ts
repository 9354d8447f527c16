/** The entries of directories of this machine, with their contents. */
import { lstatSync } from 'node:fs';
import { encodePath } from '../host/byte-path.ts';
import { isSystemError } from '../protocol/errors.ts';
import { openFile } from '../snapshots/snapshot-file.ts';
import type { PackedEntry, TarEntry } from './tar-entry.ts';

/**
 * Entries with the contents they have below a directory.
 *
 * @param prefix where the directory is in the archive, with a slash at its end; empty for its root
 */
export function withContents(
  directory: string,
  entries: readonly TarEntry[],
  prefix = '',
): PackedEntry[] {
  return entries.map((entry) => ({
    entry:
      prefix === ''
        ? entry
        : {
            ...entry,
            path: `${prefix}${entry.path}`,
            target: entry.type === 'hardlink' ? `${prefix}${entry.target}` : entry.target,
          },
    open:
      entry.type === 'file'
        ? async () =>
            (await openFile(directory, `/${entry.path}`, 0)) as unknown as AsyncIterable<Buffer>
        : null,
  }));
}

/**
 * Times of the last change of contents, by path: what an archive of fixed times does not have. They are cut to whole
 * microseconds, which is what Node can set.
 */
export function modificationTimes(
  directory: string,
  paths: readonly string[],
): readonly (readonly [path: string, nanoseconds: bigint])[] {
  return paths.flatMap((path) => {
    try {
      const file = Buffer.concat([Buffer.from(directory), encodePath(path)]);
      const { mtimeNs } = lstatSync(file, { bigint: true });
      return [[path, mtimeNs - (mtimeNs % 1000n)] as const];
    } catch (error) {
      // In a directory that nobody may enter: such a file gets the time of its unpacking.
      if (isSystemError(error)) return [];
      throw error;
    }
  });
}
