/** Waiting for the next change of something, by any number of readers. */

export class Wakeups {
  #count = 0;
  #waiting: (() => void)[] = [];

  /** How often they were woken. Whoever takes the count, looks, and waits with {@link since} misses no change. */
  get count(): number {
    return this.#count;
  }

  /** Wakes all who wait. */
  wake(): void {
    this.#count += 1;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves at the next {@link wake}. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Resolves once there was a {@link wake} after the given count was taken, or when the signal fires. */
  async since(count: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#count !== count) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      this.#waiting.push(done);
    });
  }
}
