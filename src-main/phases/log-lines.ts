/** What a line of a log is, for whoever writes one and whoever reads it again: both must count alike. */

/** A line longer than this is given in pieces: a build may print gigabytes without a newline. */
export const LONGEST_LINE = 64 * 1024;

/** Lines with this prefix are for Nix's own display: `@nix {"action":"setPhase",…}`. They stay in the file. */
const NIX_PREFIX = Buffer.from('@nix ');

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

/** Whether a line is for Nix's display alone, and not shown. */
export function isForNix(line: Buffer): boolean {
  return line[0] === 0x40 && line.subarray(0, NIX_PREFIX.length).equals(NIX_PREFIX);
}

/** The text of a line, invalid UTF-8 replaced. */
export function lineText(line: Buffer): string {
  return line.toString('utf8').replace(/\r$/, '');
}
