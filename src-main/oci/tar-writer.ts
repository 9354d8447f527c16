/** The bytes of a tar archive, made as they are asked for: nothing of the files' contents is kept. */
import { printablePath } from '../host/byte-path.ts';
import { StrataError } from '../protocol/errors.ts';
import type { PackedEntry } from './tar-entry.ts';
import { END, encodeHeader, padding } from './tar-header.ts';

/** @throws StrataError `environment` where a file is longer or shorter than its entry says, and what reading it throws. */
export async function* tarBytes(
  entries: AsyncIterable<PackedEntry> | Iterable<PackedEntry>,
): AsyncGenerator<Uint8Array> {
  for await (const { entry, open } of entries) {
    yield encodeHeader(entry);
    if (open === null || entry.size === 0) continue;
    let written = 0;
    for await (const piece of await open()) {
      written += piece.length;
      if (written > entry.size) break;
      yield piece;
    }
    if (written !== entry.size) {
      throw new StrataError({
        code: 'environment',
        operation: `packing ${printablePath(entry.path)}`,
        reason: 'the file changed while it was read',
      });
    }
    yield padding(entry.size);
  }
  yield END;
}

/** How many bytes {@link tarBytes} gives for entries; no file is read. */
export async function tarSize(entries: AsyncIterable<PackedEntry>): Promise<number> {
  let size = END.length;
  for await (const { entry } of entries) {
    size += encodeHeader(entry).length + entry.size + padding(entry.size).length;
  }
  return size;
}
