/**
 * Where the lines of a log file are. The offset of each 256th shown line is kept, so that a million lines take 32 KB;
 * the lines between are found by reading on. It is built while a phase writes, and at the first look at a finished one.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { isDisplayLine } from '../phases/display-lines.ts';
import { LONGEST_LINE, LineSplitter, lineText } from '../phases/log-lines.ts';
import type { LineBlock } from './line-search.ts';
import { Candidates, lineMark, type LineMark } from './log-marks.ts';

/** Lines between two offsets that are kept. */
const STRIDE = 256;
const BLOCK = 1024 * 1024;
/** Lines of a block that is searched. */
const MOST_LINES = 8192;
/** Marks that are kept of one log. */
const MOST_MARKS = 2000;

export interface Mark {
  /** From 0. */
  readonly line: number;
  readonly kind: LineMark;
}

export interface IndexedLine {
  readonly text: string;
  /** Where it begins in the file. */
  readonly offset: number;
}

export class LogIndex {
  readonly #file: string;
  /** Offsets of the lines 0, STRIDE, 2·STRIDE, …. */
  readonly #offsets: number[] = [];
  readonly #marks: Mark[] = [];
  #lines = 0;
  /** Everything before is indexed. */
  #bytes = 0;
  /** Whether the last line had no newline and was counted all the same, as the file grows no more. */
  #ended = false;
  #work: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /** Lines that are shown, so far. */
  get lines(): number {
    return this.#lines;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get marks(): readonly Mark[] {
    return this.#marks;
  }

  /**
   * Reads what has come to the file.
   *
   * @param state a `finished` file ends with its last line, with a newline or without
   */
  async update(state: 'growing' | 'finished', signal?: AbortSignal): Promise<void> {
    // One after another: two readers of the same stretch would count it twice.
    const before = this.#work;
    const mine = before.then(() => this.#extend(state, signal));
    this.#work = mine.catch(() => undefined);
    return mine;
  }

  async #extend(state: 'growing' | 'finished', signal: AbortSignal | undefined): Promise<void> {
    if (this.#ended) return;
    const handle = await open(this.#file, 'r');
    try {
      for (;;) {
        signal?.throwIfAborted();
        const block = await readBlock(handle, this.#bytes);
        const whole = wholeLines(block);
        if (whole.length === 0) {
          if (state === 'finished') {
            if (block.length > 0) this.#take(block);
            this.#ended = true;
          }
          return;
        }
        this.#take(whole);
      }
    } finally {
      await handle.close();
    }
  }

  #take(block: Buffer): void {
    const candidates = new Candidates(block);
    const start = this.#bytes;
    const splitter = new LineSplitter((line, offset) => {
      if (isDisplayLine(line)) return;
      if (this.#lines % STRIDE === 0) this.#offsets.push(offset);
      const at = offset - start;
      if (this.#marks.length < MOST_MARKS && candidates.isIn(at, at + line.length)) {
        const kind = lineMark(lineText(line));
        if (kind !== null) this.#marks.push({ line: this.#lines, kind });
      }
      this.#lines += 1;
    }, start);
    splitter.write(block);
    splitter.end();
    this.#bytes = start + block.length;
  }

  /** Lines from `from` (0 is the first), as many as there are. */
  async read(from: number, count: number, signal?: AbortSignal): Promise<readonly IndexedLine[]> {
    const lines: IndexedLine[] = [];
    const first = Math.max(0, from);
    const wanted = Math.min(count, this.#lines - first);
    if (wanted <= 0) return lines;
    let skip = first % STRIDE;
    const begin = this.#offsets[Math.floor(first / STRIDE)] ?? 0;
    for await (const { line, offset } of this.#linesFrom(begin, signal)) {
      if (skip > 0) skip -= 1;
      else lines.push({ text: lineText(line), offset });
      if (lines.length === wanted) break;
    }
    return lines;
  }

  /**
   * The texts of all lines that are indexed, in blocks of some thousands, or fewer where they are long; the first has the
   * number `from`.
   */
  async *blocks(signal?: AbortSignal): AsyncGenerator<LineBlock> {
    let from = 0;
    let texts: string[] = [];
    let bytes = 0;
    for await (const { line } of this.#linesFrom(0, signal)) {
      texts.push(lineText(line));
      bytes += line.length;
      if (texts.length < MOST_LINES && bytes < BLOCK) continue;
      yield { from, texts };
      from += texts.length;
      texts = [];
      bytes = 0;
    }
    if (texts.length > 0) yield { from, texts };
  }

  /** The shown lines from an offset at which one begins, up to what is indexed. */
  async *#linesFrom(
    offset: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<{ readonly line: Buffer; readonly offset: number }> {
    const end = this.#bytes;
    let at = offset;
    let size = 64 * 1024;
    const handle = await open(this.#file, 'r');
    try {
      while (at < end) {
        signal?.throwIfAborted();
        const block = await readBlock(handle, at, Math.min(size, end - at));
        if (block.length === 0) return;
        const whole = at + block.length >= end ? block : wholeLines(block);
        if (whole.length === 0) {
          size = BLOCK;
          continue;
        }
        const found: { readonly line: Buffer; readonly offset: number }[] = [];
        const splitter = new LineSplitter((line, place) => {
          if (!isDisplayLine(line)) found.push({ line, offset: place });
        }, at);
        splitter.write(whole);
        splitter.end();
        yield* found;
        at += whole.length;
        // Whoever reads on reads much.
        size = BLOCK;
      }
    } finally {
      await handle.close();
    }
  }
}

/** The beginning of a block up to where a line ends; a line that fills more than its limit ends there. */
function wholeLines(block: Buffer): Buffer {
  const newline = block.lastIndexOf(0x0a);
  const rest = block.length - (newline + 1);
  const pieces = rest === 0 ? 0 : Math.floor((rest - 1) / LONGEST_LINE);
  return block.subarray(0, newline + 1 + pieces * LONGEST_LINE);
}

async function readBlock(handle: FileHandle, offset: number, size = BLOCK): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await handle.read(buffer, length, size - length, offset + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}
