/**
 * What a terminal prints, between a program that prints at its own pace and a reader that reads at its own: small pieces
 * are joined, the program waits when the reader is behind, and a reader that comes later sees the last of what was before.
 */

/** A screen is drawn in many small writes: joining those of 8 ms costs nobody anything (milliseconds). */
const JOIN = 8;
/** Characters that may wait for a reader before the program has to. */
const HIGH = 256 * 1024;
const LOW = 64 * 1024;
/** Characters given at once. */
const LARGEST = 64 * 1024;
/** Characters that a reader who comes later is shown first. */
const REMEMBERED = 200 * 1024;

export class PtyOutput {
  readonly #pause: () => void;
  readonly #resume: () => void;
  #pending = '';
  #past = '';
  #paused = false;
  #ended = false;
  #wake: (() => void) | null = null;
  /** Counts readers: the last one reads, those before it have been replaced. */
  #reader = 0;

  constructor(program: { readonly pause: () => void; readonly resume: () => void }) {
    this.#pause = program.pause;
    this.#resume = program.resume;
  }

  push(data: string): void {
    this.#pending += data;
    if (!this.#paused && this.#pending.length > HIGH) {
      this.#paused = true;
      this.#pause();
    }
    this.#wake?.();
  }

  /** Whether all that was ever printed has been taken. */
  get isOver(): boolean {
    return this.#ended && this.#pending === '';
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** What is printed, to the end. Another reader ends this one. */
  async *read(signal: AbortSignal): AsyncGenerator<string> {
    this.#reader += 1;
    const mine = this.#reader;
    this.#wake?.();
    const isOver = (): boolean => signal.aborted || this.#reader !== mine;
    if (this.#past !== '') yield this.#past;
    while (!isOver()) {
      if (this.#pending === '') {
        if (this.#ended) return;
        await this.#news(signal);
        if (!this.isOver && !isOver()) await new Promise((resolve) => setTimeout(resolve, JOIN));
        continue;
      }
      yield this.#take();
    }
  }

  #take(): string {
    let length = Math.min(this.#pending.length, LARGEST);
    // Never between the two halves of a character.
    if (/[\ud800-\udbff]/.test(this.#pending.charAt(length - 1)) && length > 1) length -= 1;
    const data = this.#pending.slice(0, length);
    this.#pending = this.#pending.slice(length);
    this.#past = (this.#past + data).slice(-REMEMBERED);
    if (this.#paused && this.#pending.length < LOW) {
      this.#paused = false;
      this.#resume();
    }
    return data;
  }

  async #news(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        this.#wake = null;
        resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      this.#wake = done;
    });
  }
}
