/** Counts what a reader does not understand, and keeps the first of it to show. */
import type { NotUnderstood } from '../lookups.ts';

const MOST_SAMPLES = 5;

/** Characters of a sample. */
const LONGEST_SAMPLE = 200;

export class UnreadLines {
  #lines = 0;
  readonly #samples: string[] = [];

  /** @param line as Latin-1, one character a byte */
  add(line: string): void {
    this.#lines += 1;
    if (this.#samples.length >= MOST_SAMPLES) return;
    this.#samples.push(Buffer.from(line.slice(0, LONGEST_SAMPLE), 'latin1').toString('utf8'));
  }

  get summary(): NotUnderstood {
    return { lines: this.#lines, samples: [...this.#samples] };
  }
}
