/**
 * Standard output as lines, with one or a few below them that are rewritten: what is going on now. Only a terminal has
 * those. Lines are gathered for a moment, as a build prints thousands at once and each write to a terminal waits for it.
 */

/** How soon a changed status is drawn (milliseconds). */
const REDRAW = 50;

/** Gathered text is written at once when it is longer than this (UTF-16 units). */
const LONGEST_PENDING = 64 * 1024;

/** Back to the first column, and erase to the end of the line. */
const ERASE = '\r\u001b[K';

/** The same for the line above. */
const ERASE_ABOVE = '\u001b[A\u001b[K';

export interface Drawable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export class Screen {
  readonly #stream: Drawable;
  #pending = '';
  #status: string | null = null;
  /** Lines of the status that stand on the terminal. */
  #drawn = 0;
  #flushSoon: NodeJS.Immediate | null = null;
  #redrawSoon: NodeJS.Timeout | null = null;

  constructor(stream: Drawable) {
    this.#stream = stream;
  }

  /** Whether there is a status line. */
  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  /** Columns of the terminal; null where lines may be of any length. */
  get width(): number | null {
    if (!this.isTerminal) return null;
    // A terminal that nobody has told its size says 0.
    const { columns = 0 } = this.#stream;
    return columns > 0 ? columns : 80;
  }

  line(text: string): void {
    this.#pending += `${text}\n`;
    if (this.#pending.length > LONGEST_PENDING) this.flush();
    else this.#flushSoon ??= setImmediate(() => this.flush());
  }

  lines(texts: Iterable<string>): void {
    for (const text of texts) this.line(text);
  }

  /** Shows what is going on, in a line or a few, without colours; null for nothing. */
  status(text: string | null): void {
    if (!this.isTerminal || text === this.#status) return;
    this.#status = text === '' ? null : text;
    this.#redrawSoon ??= setTimeout(() => this.flush(), REDRAW);
  }

  /** Writes everything now. */
  flush(): void {
    if (this.#flushSoon !== null) clearImmediate(this.#flushSoon);
    if (this.#redrawSoon !== null) clearTimeout(this.#redrawSoon);
    this.#flushSoon = null;
    this.#redrawSoon = null;
    const width = (this.width ?? 80) - 1;
    const status =
      this.#status === null ? [] : this.#status.split('\n').map((line) => cut(line, width));
    const erase = this.#drawn === 0 ? '' : `${ERASE}${ERASE_ABOVE.repeat(this.#drawn - 1)}`;
    const text = `${erase}${this.#pending}${status.join('\n')}`;
    this.#pending = '';
    this.#drawn = status.length;
    if (text !== '') this.#stream.write(text);
  }

  /** Removes the status line and writes the rest. */
  close(): void {
    this.#status = null;
    this.flush();
  }
}

/** The text in at most so many UTF-16 units: no character takes more columns than it has units, but for rare ones. */
function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(width - 1, 0))}…`;
}
