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
  const chunks: Buffer[] = [];
  let at = 0;
  // The file is read to its end: nothing else says how large what a link leads to is.
  for await (const chunk of (await snapshotter.readFile(name, path)) as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    const from = Math.max(0, offset - at);
    const to = Math.min(chunk.length, offset + length - at);
    if (from < to) chunks.push(chunk.subarray(from, to));
    at += chunk.length;
  }
  return { bytes: Buffer.concat(chunks), size: at };
}

/** A whole file. @throws StrataError `usage` where it is too large, and as {@link readPiece} does. */
export async function readWhole(
  snapshotter: Snapshotter,
  name: string,
  path: string,
  signal: AbortSignal,
): Promise<Buffer> {
  const entry = await snapshotter.lookup(name, path);
  const piece = { offset: 0, length: LARGEST_WHOLE };
  const { bytes, size } = await readPiece(snapshotter, name, path, piece, signal);
  if (size <= LARGEST_WHOLE && (entry?.size ?? 0) <= LARGEST_WHOLE) return bytes;
  throw new StrataError({
    code: 'usage',
    operation: `reading ${name}:${path}`,
    reason: 'it is larger than 256 MB',
  });
}
