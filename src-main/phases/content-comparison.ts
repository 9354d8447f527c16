/**
 * Whether two files hold the same, one of them from a build whose output paths were others. What follows of the other
 * path by itself is told apart: a build id is a digest of the file, and compressed text is other bytes all over.
 */
import { pipeline } from 'node:stream';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isSystemError } from '../protocol/errors.ts';

export type ContentAnswer =
  | { readonly kind: 'same' }
  /** Other bytes, and the same file: they differ as the output paths do. */
  | { readonly kind: 'follows'; readonly why: 'build-id' | 'compressed' }
  /** `at`: the first byte that differs, from 0; where one is the beginning of the other, where it ends. */
  | { readonly kind: 'differs'; readonly at: number };

/** A file that can be read several times. */
export interface ReadableFile {
  readonly size: number;
  /** Its bytes as they are. */
  readonly raw: () => Promise<AsyncIterable<Buffer>>;
}

/** Gives a stream with the paths of the one build replaced by those of the other. */
export type Replace = (stream: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;

/** Larger programs are not looked through for their build id (bytes). */
const LARGEST_ELF = 256 * 1024 * 1024;

const GZIP = Buffer.from([0x1f, 0x8b]);
const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/** @param replace what makes the bytes of `left` comparable with those of `right` */
export async function compareContents(
  left: ReadableFile,
  right: ReadableFile,
  replace: Replace,
): Promise<ContentAnswer> {
  const at = await firstDifference(replace(await left.raw()), await right.raw());
  if (at === null) return { kind: 'same' };
  const differs = { kind: 'differs', at } as const;
  const beginning = await beginningOf(await right.raw(), ELF.length);
  if (beginning.subarray(0, GZIP.length).equals(GZIP)) {
    return (await areEqualUnpacked(left, right, replace))
      ? { kind: 'follows', why: 'compressed' }
      : differs;
  }
  const isElf = beginning.equals(ELF) && left.size === right.size && right.size <= LARGEST_ELF;
  if (!isElf) return differs;
  const [one, other] = await Promise.all([
    whole(replace(await left.raw())),
    whole(await right.raw()),
  ]);
  return blankBuildIds(one).equals(blankBuildIds(other))
    ? { kind: 'follows', why: 'build-id' }
    : differs;
}

/** Where two streams differ first; null where they do not. */
async function firstDifference(
  left: AsyncIterable<Buffer>,
  right: AsyncIterable<Buffer>,
): Promise<number | null> {
  const [one, other] = [new Pieces(left), new Pieces(right)];
  try {
    for (let at = 0; ;) {
      const [a, b] = [await one.peek(), await other.peek()];
      if (a === null && b === null) return null;
      if (a === null || b === null) return at;
      const length = Math.min(a.length, b.length);
      if (a.compare(b, 0, length, 0, length) !== 0) {
        let same = 0;
        while (a[same] === b[same]) same += 1;
        return at + same;
      }
      one.take(length);
      other.take(length);
      at += length;
    }
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
}

/** A stream of which any number of bytes is taken at once. */
class Pieces {
  readonly #stream: AsyncIterator<Buffer>;
  #piece: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#stream = stream[Symbol.asyncIterator]();
  }

  /** What is at hand, never empty; null at the end. */
  async peek(): Promise<Buffer | null> {
    while (this.#piece.length === 0) {
      const next = await this.#stream.next();
      if (next.done === true) return null;
      this.#piece = next.value;
    }
    return this.#piece;
  }

  take(length: number): void {
    this.#piece = this.#piece.subarray(length);
  }

  async close(): Promise<void> {
    await this.#stream.return?.();
  }
}

async function areEqualUnpacked(
  left: ReadableFile,
  right: ReadableFile,
  replace: Replace,
): Promise<boolean> {
  try {
    const one = replace(unpacked(await left.raw()));
    return (await firstDifference(one, unpacked(await right.raw()))) === null;
  } catch (error) {
    // What begins as gzip and is none is compared as it is.
    if (error instanceof Error && 'code' in error && !isSystemError(error)) return false;
    throw error;
  }
}

function unpacked(stream: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // An error reaches whoever reads the end.
  return pipeline(Readable.from(stream), createGunzip(), () => undefined);
}

async function beginningOf(stream: AsyncIterable<Buffer>, length: number): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length >= length) break;
  }
  return bytes.subarray(0, length);
}

async function whole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The head of a note of type NT_GNU_BUILD_ID (elf.h): size of the name, of the id (20 for sha1), type 3, the name. */
const BUILD_ID = Buffer.from([4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 0x47, 0x4e, 0x55, 0]);

/** The bytes with zeros for each build id, which `ld --build-id` makes of the whole file. */
function blankBuildIds(elf: Buffer): Buffer {
  for (let at = elf.indexOf(BUILD_ID); at !== -1; at = elf.indexOf(BUILD_ID, at + 1)) {
    elf.fill(0, at + BUILD_ID.length, at + BUILD_ID.length + 20);
  }
  return elf;
}
