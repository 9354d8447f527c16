/** What a line of a log is, for whoever writes one and whoever reads it again: both must count alike. */
import { createReadStream } from 'node:fs';
import { isDisplayLine } from './display-lines.ts';

/** A line longer than this is given in pieces: a build may print gigabytes without a newline. */
export const LONGEST_LINE = 64 * 1024;

const NEWLINE = 0x0a;

/** Cuts bytes into lines, wherever the chunks in which they come are cut. */
export class LineSplitter {
  readonly #onLine: (bytes: Buffer, offset: number) => void;
  #rest: Buffer = Buffer.alloc(0);
  /** Where `#rest` begins. */
  #offset: number;

  /**
   * @param onLine called with each line without its newline, and where it begins
   * @param offset where the first chunk begins
   */
  constructor(onLine: (bytes: Buffer, offset: number) => void, offset = 0) {
    this.#onLine = onLine;
    this.#offset = offset;
  }

  /** Where the line begins that is not complete yet. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether something of an incomplete line is there. */
  get hasRest(): boolean {
    return this.#rest.length > 0;
  }

  write(chunk: Buffer): void {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const end = data.indexOf(NEWLINE, at);
      if (end < 0 && data.length - at <= LONGEST_LINE) break;
      const isWhole = end >= 0 && end - at <= LONGEST_LINE;
      const cut = isWhole ? end : at + LONGEST_LINE;
      const line = data.subarray(at, cut);
      const offset = this.#offset;
      const next = isWhole ? cut + 1 : cut;
      this.#offset += next - at;
      at = next;
      this.#onLine(line, offset);
    }
    this.#rest = data.subarray(at);
  }

  /** Gives a last line that has no newline. */
  end(): void {
    if (this.#rest.length === 0) return;
    const line = this.#rest;
    const offset = this.#offset;
    this.#offset += line.length;
    this.#rest = Buffer.alloc(0);
    this.#onLine(line, offset);
  }
}

/** The text of a line, invalid UTF-8 replaced. */
export function lineText(line: Buffer): string {
  return line.toString('utf8').replace(/\r$/, '');
}

/** Bytes of a log as the lines that people see: whole or cut where they are very long, without those for Nix's display. */
export class LogLines {
  readonly #splitter: LineSplitter;

  /** @param onLine called with each line, without its newline, invalid UTF-8 replaced */
  constructor(onLine: (line: string) => void) {
    this.#splitter = new LineSplitter((bytes) => {
      if (!isDisplayLine(bytes)) onLine(lineText(bytes));
    });
  }

  write(chunk: Buffer): void {
    this.#splitter.write(chunk);
  }

  /** Gives a last line that has no newline. */
  end(): void {
    this.#splitter.end();
  }
}

/** The lines of a log's file that people see. @throws the system's error where it cannot be read. */
export async function* readLogLines(path: string): AsyncGenerator<string> {
  let lines: string[] = [];
  const log = new LogLines((line) => lines.push(line));
  for await (const chunk of createReadStream(path)) {
    log.write(chunk as Buffer);
    yield* lines;
    lines = [];
  }
  log.end();
  yield* lines;
}
