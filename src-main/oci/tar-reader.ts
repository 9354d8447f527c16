/**
 * Reading tar archives as they come: ustar and pax, and what GNU tar writes where it is not told otherwise (long names as
 * entries of the types L and K, large numbers in base 256). Archives are strangers': whatever does not fit is an error.
 */
import { decodePath } from '../host/byte-path.ts';
import { StrataError } from '../protocol/errors.ts';
import type { TarEntry, TarType } from './tar-entry.ts';
import { ATTRIBUTE_PREFIX, BLOCK, TYPE_FLAGS, checksum } from './tar-header.ts';

const TYPES: ReadonlyMap<string, TarType> = new Map([
  ...Object.entries(TYPE_FLAGS).map(([type, flag]) => [flag, type as TarType] as const),
  ['\0', 'file' as const],
  ['7', 'file' as const],
]);

/** Names and attributes are shorter; the headers of a hostile archive need not be. */
const LONGEST_EXTENDED = 16 * 1024 * 1024;

export interface ReadEntry {
  /** The path is as the archive has it, less slashes at its ends and `./` before it: it may hold `..`. */
  readonly entry: TarEntry;
  /** The contents; what is not read of them is passed over. */
  readonly contents: AsyncIterable<Uint8Array>;
}

/** @throws StrataError `format` where the bytes are no archive, or end too early. */
export async function* readTar(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadEntry> {
  const input = new Input(bytes);
  try {
    let extended: ReadonlyMap<string, Buffer> = new Map();
    // Of all extended headers before one entry: a hostile archive may have any number of them.
    let length = 0;
    for (;;) {
      const header = await input.take(BLOCK);
      if (header === null) throw damaged('it ends too early');
      // Two of them end an archive, and what some tools write after them is nothing; but all of it counts for a digest.
      if (header.every((byte) => byte === 0)) {
        await input.drain();
        return;
      }
      const stored = number(header.subarray(148, 156));
      if (stored !== checksum(header)) throw damaged('a checksum does not match');
      const flag = String.fromCharCode(header[156] ?? 0);
      const size = number(header.subarray(124, 136));
      if (flag === 'x' || flag === 'L' || flag === 'K' || flag === 'g') {
        length += size;
        if (length > LONGEST_EXTENDED) throw damaged('an extended header is too long');
        const body = await input.whole(size);
        if (flag === 'x') extended = new Map([...extended, ...paxRecords(body)]);
        else if (flag !== 'g') {
          const key = flag === 'L' ? 'path' : 'linkpath';
          extended = new Map([...extended, [key, untilNul(body)]]);
        }
        continue;
      }
      const entry = decodeEntry(header, flag, extended);
      extended = new Map();
      length = 0;
      yield { entry, contents: input.begin(entry.size) };
      await input.passOver();
    }
  } finally {
    await input.close();
  }
}

function decodeEntry(
  header: Buffer,
  flag: string,
  extended: ReadonlyMap<string, Buffer>,
): TarEntry {
  const type = TYPES.get(flag);
  if (type === undefined)
    throw damaged(`it has an entry of the unknown type ${JSON.stringify(flag)}`);
  const prefix =
    header.toString('latin1', 257, 262) === 'ustar' ? untilNul(header.subarray(345, 500)) : null;
  const short = untilNul(header.subarray(0, 100));
  const isGnu = header.toString('latin1', 257, 265) === 'ustar  \0';
  const own =
    prefix === null || prefix.length === 0 || isGnu
      ? short
      : Buffer.concat([prefix, Buffer.from('/'), short]);
  const attributes = new Map<string, Uint8Array>();
  for (const [key, value] of extended) {
    if (key.startsWith(ATTRIBUTE_PREFIX)) attributes.set(key.slice(ATTRIBUTE_PREFIX.length), value);
  }
  const said = extended.get('size');
  const size = said === undefined ? number(header.subarray(124, 136)) : Number(said.toString());
  if (!Number.isSafeInteger(size) || size < 0) throw damaged('the size of an entry is no number');
  return {
    path: decodePath(extended.get('path') ?? own).replace(/^(\.?\/)+|\/+$/g, ''),
    type,
    mode: number(header.subarray(100, 108)) & 0o7777,
    owner: { user: number(header.subarray(108, 116)), group: number(header.subarray(116, 124)) },
    size: type === 'file' ? size : 0,
    target: decodePath(extended.get('linkpath') ?? untilNul(header.subarray(157, 257))),
    attributes,
  };
}

/** Octal digits, or with the highest bit set the number in base 256. */
function number(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) !== 0) {
    return field.reduce((sum, byte, at) => sum * 256 + (at === 0 ? byte & 0x7f : byte), 0);
  }
  const text = field
    .toString('latin1')
    .replace(/[\0 ]+$/g, '')
    .trim();
  if (!/^[0-7]*$/.test(text)) throw damaged('a number in a header is none');
  return text === '' ? 0 : Number.parseInt(text, 8);
}

function paxRecords(body: Buffer): ReadonlyMap<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at);
    const length = space === -1 ? NaN : Number(body.toString('latin1', at, space));
    const equals = body.indexOf(0x3d, space);
    const end = at + length;
    if (
      !(length > 0) ||
      equals === -1 ||
      equals >= end ||
      end > body.length ||
      body[end - 1] !== 0x0a
    ) {
      throw damaged('an extended header is malformed');
    }
    records.set(body.toString('utf8', space + 1, equals), body.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}

function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

/** The operation of what {@link readTar} throws. */
export const READING_TAR = 'reading a tar archive';

function damaged(reason: string): StrataError {
  return new StrataError({
    code: 'format',
    operation: READING_TAR,
    reason,
    advice: 'get or export it again',
  });
}

/** Bytes taken in the amounts that are wanted, whatever pieces they come in. */
class Input {
  readonly #source: AsyncIterator<Uint8Array>;
  #piece: Buffer = Buffer.alloc(0);
  /** What of the present entry is still to come, its padding apart. */
  #left = 0;
  #padding = 0;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#source = bytes[Symbol.asyncIterator]();
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  /** Takes all that is left, for nothing. */
  async drain(): Promise<void> {
    while ((await this.#next(Number.POSITIVE_INFINITY)) !== null);
  }

  /** So many bytes; null at the end of the input. */
  async take(count: number): Promise<Buffer | null> {
    const pieces: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      const piece = await this.#next(missing);
      if (piece === null) {
        if (missing === count) return null;
        throw damaged('it ends too early');
      }
      pieces.push(piece);
      missing -= piece.length;
    }
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  }

  /** Contents of so many bytes, with the padding after them. */
  async whole(size: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.begin(size)) pieces.push(piece);
    await this.passOver();
    return Buffer.concat(pieces);
  }

  begin(size: number): AsyncIterable<Uint8Array> {
    this.#left = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
    return { [Symbol.asyncIterator]: () => ({ next: async () => this.#contents() }) };
  }

  async passOver(): Promise<void> {
    while (!(await this.#contents()).done);
    if (this.#padding > 0 && (await this.take(this.#padding)) === null) {
      throw damaged('it ends too early');
    }
    this.#padding = 0;
  }

  async #contents(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#left === 0) return { done: true, value: undefined };
    const piece = await this.#next(this.#left);
    if (piece === null) throw damaged('it ends too early');
    this.#left -= piece.length;
    return { done: false, value: piece };
  }

  /** The next bytes, at most so many. */
  async #next(most: number): Promise<Buffer | null> {
    while (this.#piece.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) return null;
      const { buffer, byteOffset, byteLength } = next.value;
      this.#piece = Buffer.from(buffer, byteOffset, byteLength);
    }
    const piece = this.#piece.subarray(0, most);
    this.#piece = this.#piece.subarray(piece.length);
    return piece;
  }
}
