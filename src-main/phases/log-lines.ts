/** Bytes of a log as the lines that people see: whole or cut where they are very long, without those for Nix's display. */
import { createReadStream } from 'node:fs';
import { isDisplayLine } from './display-lines.ts';

/** A line longer than this is given in pieces: a build may print gigabytes without a newline. */
const LONGEST_LINE = 64 * 1024;

export class LogLines {
  readonly #onLine: (line: string) => void;
  #rest: Buffer = Buffer.alloc(0);

  /** @param onLine called with each line, without its newline, invalid UTF-8 replaced */
  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const end = data.indexOf(0x0a);
      if (end < 0 && data.length < LONGEST_LINE) break;
      const cut = end < 0 || end > LONGEST_LINE ? LONGEST_LINE : end;
      this.#give(data.subarray(0, cut));
      data = data.subarray(cut === end ? cut + 1 : cut);
    }
    this.#rest = data;
  }

  /** Gives a last line that has no newline. */
  end(): void {
    if (this.#rest.length > 0) this.#give(this.#rest);
    this.#rest = Buffer.alloc(0);
  }

  #give(bytes: Buffer): void {
    const line = bytes.toString('utf8').replace(/\r$/, '');
    if (!isDisplayLine(line)) this.#onLine(line);
  }
}

/** The lines of a log's file. @throws the system's error where it cannot be read. */
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
