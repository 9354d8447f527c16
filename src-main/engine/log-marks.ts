/** Lines of a log that look like errors or warnings: those the digest of a failed phase would choose from. */
import { EMPTY_DIGEST, digestLine } from '../phases/log-digest.ts';

export type LineMark = 'error' | 'warning';

/** A word of each kind of line that can be marked, for a quick look at many lines at once. */
const CANDIDATE =
  /error|warning|fatal|cannot|not found|no such|denied|undefined|traceback|fail|\*\*\*|segmentation|panicked|unbound|no rule/gi;

const WARNING = /\bwarning(:|\b.*:)|^warning\b/i;

/** Flags and summaries that speak of warnings where there is none. */
const NO_WARNING = /\b(0|no) warnings?\b|-W[a-z]/i;

/** What a line, without its newline, looks like; null for most. */
export function lineMark(text: string): LineMark | null {
  const plain = text.replace(/\u001b\[[0-9;]*m/g, '');
  const isWarning = WARNING.test(plain);
  if (isWarning && !/\berror:|\bfatal:/.test(plain)) {
    // Compilers name the flag behind the message: `warning: unused variable 'x' [-Wunused-variable]`.
    return NO_WARNING.test(plain.replace(/\[-W[^\]]*\]\s*$/, '')) ? null : 'warning';
  }
  return digestLine(EMPTY_DIGEST, plain).error === null ? null : 'error';
}

/** Walks forward over bytes and tells which stretches are worth a look at their lines. */
export class Candidates {
  readonly #text: string;
  readonly #pattern = new RegExp(CANDIDATE);
  #next: number;

  /** @param bytes whole lines */
  constructor(bytes: Buffer) {
    this.#text = bytes.toString('latin1');
    this.#next = this.#find(0);
  }

  /** Whether a line between two places may have a mark. To be asked in the order of the lines. */
  isIn(from: number, to: number): boolean {
    if (this.#next < from) this.#next = this.#find(from);
    return this.#next < to;
  }

  #find(from: number): number {
    this.#pattern.lastIndex = from;
    return this.#pattern.exec(this.#text)?.index ?? Infinity;
  }
}
