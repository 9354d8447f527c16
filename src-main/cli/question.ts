/** A question put to the person at the terminal while a run waits, and the lines they type. */
import { createInterface, type Interface } from 'node:readline';
import type { Front } from './front.ts';
import type { Interruption } from './interruption.ts';

export class Question {
  readonly #front: Front;
  readonly #interruption: Interruption;
  readonly #pause: () => void;
  #lines: Interface | null = null;
  /** What was typed and not yet asked for; null for the end of the input. */
  readonly #typed: (string | null)[] = [];
  #waiting: ((line: string | null) => void) | null = null;
  /** Never rejects. */
  #returned: Promise<void> = Promise.resolve();

  /** @param pause called before anything is printed, for whoever draws */
  constructor(front: Front, interruption: Interruption, pause: () => void) {
    this.#front = front;
    this.#interruption = interruption;
    this.#pause = pause;
  }

  /**
   * Says it and waits for an answer. The end of the input, and Ctrl-C, are "end".
   *
   * @param read null for what is no answer
   * @param again what is said then
   */
  async ask<Answer extends string>(
    says: readonly string[],
    read: (line: string) => Answer | null,
    again: string,
  ): Promise<Answer | 'end'> {
    this.#pause();
    const { err } = this.#front;
    err.lines(says);
    err.flush();
    return this.#interruption.instead(
      () => this.#give(null),
      async () => {
        for (;;) {
          const line = await this.#nextLine();
          const answer = line === null ? 'end' : read(line);
          if (answer !== null) return answer;
          err.line(again);
          err.flush();
        }
      },
    );
  }

  /** Leaves the terminal to another program while the work goes on, and Ctrl-C with it. */
  async lend<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#pause();
    const lines = this.#lines;
    // Its end is not that of the input.
    this.#lines = null;
    lines?.close();
    const lent = this.#interruption.instead(() => undefined, work);
    this.#returned = lent.then(
      () => undefined,
      () => undefined,
    );
    return lent;
  }

  /** Resolves when the terminal is not {@link lend lent} any more: what is printed before goes into the other's picture. */
  async returned(): Promise<void> {
    await this.#returned;
  }

  /** Lets go of standard input. */
  close(): void {
    this.#lines?.close();
  }

  async #nextLine(): Promise<string | null> {
    this.#lines ??= this.#listen();
    const line = this.#typed.shift();
    if (line !== undefined) return line;
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  #listen(): Interface {
    // Without `output` the terminal stays as it is and echoes by itself.
    const lines = createInterface({ input: process.stdin, terminal: false });
    lines.on('line', (line) => this.#give(line));
    lines.on('close', () => {
      if (this.#lines === lines) this.#give(null);
    });
    return lines;
  }

  #give(line: string | null): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) this.#typed.push(line);
    else waiting(line);
  }
}
