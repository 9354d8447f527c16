/** Pieces of the files in a snapshot. */
import { StrataError } from '../protocol/errors.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';

/** Larger files are not looked into. */
const LARGEST_WHOLE = 256 * 1024 * 1024;

/**
 * Bytes of a file from `offset`, at most `length`, and the size of the whole file.
 *
 * @throws StrataError `not-found`, `usage` for what is no regular file.
 */
export async function readPiece(
  snapshotter: Snapshotter,
  name: string,
  path: string,
  { offset, length }: { readonly offset: number; readonly length: number },
  signal: AbortSignal,
): Promise<{ readonly bytes: Buffer; readonly size: number }> {
  const entry = await snapshotter.lookup(name, path, 'follow');
  const file = (await snapshotter.readFile(name, path, offset)) as AsyncIterable<Buffer>;
  const chunks: Buffer[] = [];
  let missing = length;
  for await (const chunk of file) {
    signal.throwIfAborted();
    chunks.push(chunk.subarray(0, missing));
    missing -= chunk.length;
    if (missing <= 0) break;
  }
  return { bytes: Buffer.concat(chunks), size: entry?.size ?? 0 };
}

/** A whole file. @throws StrataError `usage` where it is too large, and as {@link readPiece} does. */
export async function readWhole(
  snapshotter: Snapshotter,
  name: string,
  path: string,
  signal: AbortSignal,
): Promise<Buffer> {
  const piece = { offset: 0, length: LARGEST_WHOLE };
  const { bytes, size } = await readPiece(snapshotter, name, path, piece, signal);
  if (size <= LARGEST_WHOLE) return bytes;
  throw new StrataError({
    code: 'usage',
    operation: `reading ${name}:${path}`,
    reason: 'it is larger than 256 MB',
  });
}
