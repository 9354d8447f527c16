/** Cuts a stream of bytes into lines, without a string and mostly without a copy. */

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Of a longer line only so much is given: what prints no line feed must not fill the memory. The longest lines of ld.so are
 * search paths; 200 directories with all their subdirectories for processors take 300 kB.
 */
const LONGEST_LINE = 4 * 1024 * 1024;

/** A line without its end, in bytes[start, end). The bytes are the callee's only during the call. */
export type TakeLine = (bytes: Buffer, start: number, end: number) => void;

export class LineSplitter {
  readonly #take: TakeLine;
  /** The beginning of a line whose end has not come, in its first `#length` bytes. */
  #rest = Buffer.alloc(4096);
  #length = 0;

  constructor(take: TakeLine) {
    this.#take = take;
  }

  write(bytes: Buffer): void {
    let start = 0;
    if (this.#length > 0) {
      const end = bytes.indexOf(LINE_FEED);
      this.#keep(bytes, 0, end === -1 ? bytes.length : end);
      if (end === -1) return;
      this.#giveRest();
      start = end + 1;
    }
    for (;;) {
      const end = bytes.indexOf(LINE_FEED, start);
      if (end === -1) break;
      this.#give(bytes, start, end);
      start = end + 1;
    }
    this.#keep(bytes, start, bytes.length);
  }

  /** Gives a last line that has no line feed. Whether there was one. */
  end(): boolean {
    if (this.#length === 0) return false;
    this.#giveRest();
    return true;
  }

  #giveRest(): void {
    const length = this.#length;
    this.#length = 0;
    this.#give(this.#rest, 0, length);
  }

  #give(bytes: Buffer, start: number, end: number): void {
    const last = Math.min(end, start + LONGEST_LINE);
    // A log that went through a terminal.
    const hasReturn = last > start && bytes[last - 1] === CARRIAGE_RETURN;
    this.#take(bytes, start, hasReturn ? last - 1 : last);
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    const last = Math.min(end, start + LONGEST_LINE - this.#length);
    const length = this.#length + Math.max(last - start, 0);
    if (length > this.#rest.length) {
      const larger = Buffer.alloc(Math.max(length, 2 * this.#rest.length));
      this.#rest.copy(larger, 0, 0, this.#length);
      this.#rest = larger;
    }
    if (last > start) bytes.copy(this.#rest, this.#length, start, last);
    this.#length = length;
  }
}
