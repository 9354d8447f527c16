/**
 * Chunks of bytes as lines of Latin-1 text, in which a character is a byte: nothing is lost and nothing is decoded that is not
 * looked at. A line is handed over as a stretch of a longer text, as cutting it out costs more than most lines are worth.
 */

/** Bytes. A line of strace holds a few paths, each of at most 4096 bytes written as `\x2f`, or a thousand arguments. */
const LONGEST_LINE = 1024 * 1024;

/** `whole` is false for a line that is longer than any trace has: of that only the beginning is there. */
export type TakeLine = (text: string, start: number, end: number, whole: boolean) => void;

export class LineSplitter {
  readonly #take: TakeLine;
  #rest = '';
  #skipping = false;

  constructor(take: TakeLine) {
    this.#take = take;
  }

  write(chunk: Buffer): void {
    const piece = chunk.toString('latin1');
    let at = 0;
    if (this.#skipping || this.#rest !== '') {
      const newline = piece.indexOf('\n');
      if (newline < 0) {
        this.#hold(piece);
        return;
      }
      at = newline + 1;
      if (this.#skipping) this.#skipping = false;
      else this.#line(this.#rest + piece.slice(0, newline));
      this.#rest = '';
    }
    for (;;) {
      const newline = piece.indexOf('\n', at);
      if (newline < 0) break;
      if (newline - at > LONGEST_LINE) this.#line(piece.slice(at, newline));
      else this.#take(piece, at, newline, true);
      at = newline + 1;
    }
    this.#hold(piece.slice(at));
  }

  end(): void {
    if (this.#rest !== '') this.#line(this.#rest);
    this.#rest = '';
    this.#skipping = false;
  }

  #line(line: string): void {
    if (line.length > LONGEST_LINE) this.#take(line, 0, LONGEST_LINE, false);
    else this.#take(line, 0, line.length, true);
  }

  #hold(piece: string): void {
    if (this.#skipping) return;
    this.#rest += piece;
    if (this.#rest.length <= LONGEST_LINE) return;
    this.#line(this.#rest);
    this.#rest = '';
    this.#skipping = true;
  }
}
