/** When the lines of a log came, from the pairs beside it (phases/phase-log.ts). */
import { open, type FileHandle } from 'node:fs/promises';
import { isSystemError } from '../protocol/errors.ts';

/** A pair of 64-bit numbers: offset, time. */
const PAIR = 16;
/** Pairs that are read at once. */
const BATCH = 512;

/**
 * The time (milliseconds since 1970) of each line that begins at one of `offsets`, which ascend; 0 where it is not known.
 */
export async function timesOf(
  file: string,
  offsets: readonly number[],
): Promise<readonly number[]> {
  const first = offsets[0];
  if (first === undefined) return [];
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return offsets.map(() => 0);
    throw error;
  }
  try {
    const count = Math.floor((await handle.stat()).size / PAIR);
    const pairs = new Pairs(handle, count);
    let at = await lastAtOrBefore(pairs, first);
    const times: number[] = [];
    for (const offset of offsets) {
      while (at + 1 < count && (await pairs.read(at + 1)).offset <= offset) at += 1;
      times.push(at < 0 ? 0 : (await pairs.read(at)).time);
    }
    return times;
  } finally {
    await handle.close();
  }
}

/** The number of the last pair whose offset is not greater; -1 where there is none. */
async function lastAtOrBefore(pairs: Pairs, offset: number): Promise<number> {
  let low = 0;
  let high = pairs.count;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await pairs.read(middle)).offset <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

class Pairs {
  readonly count: number;
  readonly #handle: FileHandle;
  readonly #buffer = Buffer.alloc(PAIR * BATCH);
  #from = 0;
  #to = 0;

  constructor(handle: FileHandle, count: number) {
    this.#handle = handle;
    this.count = count;
  }

  async read(index: number): Promise<{ readonly offset: number; readonly time: number }> {
    if (index < this.#from || index >= this.#to) {
      const { bytesRead } = await this.#handle.read(
        this.#buffer,
        0,
        this.#buffer.length,
        index * PAIR,
      );
      this.#from = index;
      this.#to = index + Math.floor(bytesRead / PAIR);
    }
    const at = (index - this.#from) * PAIR;
    if (index >= this.#to) return { offset: Infinity, time: 0 };
    return { offset: this.#buffer.readDoubleLE(at), time: this.#buffer.readDoubleLE(at + 8) };
  }
}
