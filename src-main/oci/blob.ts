/**
 * Blobs of an image: files that are called by the digest of their bytes (image-spec v1.1, image-layout.md, "Blobs").
 * What goes in or out passes once, and is hashed on the way.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { draftName } from '../host/draft.ts';
import { describeFileError } from '../host/durable.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { zstdDecompression } from './zstd.ts';

export type Compression = 'gzip' | 'none';

export interface Blob {
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
  readonly size: number;
}

export interface LayerBlob extends Blob {
  /** The digest of the archive before it was compressed (config.md, "Layer DiffID"). */
  readonly diffId: string;
}

/** Where a blob is, in an image's directory. @throws StrataError `format` where the digest is none we know. */
export function blobPath(image: string, digest: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) {
    return join(image, 'blobs', 'sha256', digest.slice('sha256:'.length));
  }
  throw new StrataError({
    code: 'format',
    operation: `reading ${image}`,
    reason: `${JSON.stringify(digest)} is no SHA-256 digest`,
  });
}

/** Writes an archive as a blob, compressed or not. The same archive gives the same bytes: gzip notes no name and no time. */
export async function writeLayer(
  image: string,
  archive: AsyncIterable<Uint8Array>,
  compression: Compression,
  signal: AbortSignal,
): Promise<LayerBlob> {
  const [plain, packed] = [createHash('sha256'), createHash('sha256')];
  const count = { bytes: 0 };
  const draft = join(image, 'blobs', 'sha256', draftName());
  try {
    await pipeline(
      [
        Readable.from(archive, { objectMode: false }),
        hashing(plain),
        ...(compression === 'gzip' ? [createGzip({ level: 6 })] : []),
        hashing(packed, count),
        createWriteStream(draft),
      ],
      { signal },
    );
    const digest = `sha256:${packed.digest('hex')}`;
    await rename(draft, blobPath(image, digest));
    return { digest, size: count.bytes, diffId: `sha256:${plain.digest('hex')}` };
  } catch (error) {
    await rm(draft, { force: true });
    if (signal.aborted) {
      throw new StrataError({
        code: 'cancelled',
        operation: 'writing a layer',
        reason: 'cancelled',
      });
    }
    throw describeFileError('writing a layer', error);
  }
}

/** How the bytes of a blob come to be an archive; other tools know one way more. */
export type Packing = Compression | 'zstd';

/**
 * The archive in a layer's blob. That its digests are the ones promised is known at its end: what was made of it before
 * must not be shown until then.
 *
 * @throws StrataError `format` where a digest or the size does not match, `not-found` where there is no such blob.
 */
export async function* readLayer(
  image: string,
  { digest, size, diffId }: LayerBlob,
  packing: Packing,
): AsyncGenerator<Uint8Array> {
  const path = blobPath(image, digest);
  await checkSize(path, size, digest);
  const [packed, plain] = [createHash('sha256'), createHash('sha256')];
  const archive = hashing(plain);
  const flow = pipeline([
    createReadStream(path),
    hashing(packed),
    ...(packing === 'gzip' ? [createGunzip()] : []),
    ...(packing === 'zstd'
      ? [await zstdDecompression(`reading ${path}`, process.env['PATH'])]
      : []),
    archive,
  ]);
  // Its failure is that of the archive's end too, and told there.
  flow.catch(() => undefined);
  try {
    for await (const piece of archive) yield piece as Uint8Array;
    await flow;
  } catch (error) {
    throw isSystemError(error)
      ? describeFileError(`reading ${path}`, error)
      : unreadable(path, error);
  } finally {
    archive.destroy();
  }
  const found = `sha256:${packed.digest('hex')}`;
  if (found !== digest) throw mismatch(path, digest, found);
  const inside = `sha256:${plain.digest('hex')}`;
  if (inside !== diffId) throw mismatch(`the archive in ${path}`, diffId, inside);
}

/**
 * How large a layer's archive is, for saying how much room it takes: gzip notes it at its end, in 32 bits (RFC 1952, "ISIZE").
 * Of others the size of the blob is all that is known.
 */
export async function archiveSize(
  image: string,
  { digest, size }: LayerBlob,
  packing: Packing,
): Promise<number> {
  if (packing !== 'gzip') return size;
  const file = await open(blobPath(image, digest));
  try {
    const last = Buffer.alloc(4);
    await file.read(last, 0, last.length, Math.max(size - last.length, 0));
    return Math.max(last.readUInt32LE(), size);
  } finally {
    await file.close();
  }
}

/** The whole of a small blob, checked. @throws as {@link readLayer} does, and `format` where it is too large. */
export async function readSmallBlob(image: string, { digest, size }: Blob): Promise<Buffer> {
  const path = blobPath(image, digest);
  if (size > LARGEST_SMALL) throw unreadable(path, new Error(`it has ${size} bytes`));
  await checkSize(path, size, digest);
  const pieces: Buffer[] = [];
  for await (const piece of createReadStream(path)) pieces.push(piece as Buffer);
  const bytes = Buffer.concat(pieces);
  const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (found !== digest) throw mismatch(path, digest, found);
  return bytes;
}

/** A configuration holds the environment of a build, and little else. */
const LARGEST_SMALL = 64 * 1024 * 1024;

async function checkSize(path: string, size: number, digest: string): Promise<void> {
  try {
    const { size: found } = await stat(path);
    if (found === size) return;
    throw new StrataError({
      code: 'format',
      operation: `reading ${path}`,
      reason: `it has ${found} bytes, and the image says ${size}`,
      advice: 'the image was cut off or changed: get or export it again',
    });
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
    throw new StrataError({
      code: 'not-found',
      operation: `reading ${path}`,
      reason: `the image names ${digest}, and has no such blob`,
      advice: 'the image is not whole: get or export it again',
      cause: error,
    });
  }
}

function mismatch(what: string, promised: string, found: string): StrataError {
  return new StrataError({
    code: 'format',
    operation: `reading ${what}`,
    reason: `its digest is ${found}, and the image says ${promised}`,
    advice: 'the image was damaged or changed: get or export it again',
  });
}

function unreadable(path: string, error: unknown): unknown {
  if (error instanceof StrataError) return error;
  return new StrataError({
    code: 'format',
    operation: `reading ${path}`,
    reason: error instanceof Error ? error.message : String(error),
    advice: 'the image was cut off or changed: get or export it again',
    cause: error,
  });
}

/** Hashes and counts what passes. */
function hashing(hash: Hash, count: { bytes: number } = { bytes: 0 }): Transform {
  return new Transform({
    transform(piece: Buffer, _, done) {
      hash.update(piece);
      count.bytes += piece.length;
      done(null, piece);
    },
  });
}
