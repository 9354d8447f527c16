/**
 * Ctrl-C and its like. The first asks the engine to stop, which ends the process tree and removes what is not committed;
 * the second ends Strata at once.
 */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The status after a signal, as a shell has it for Ctrl-C. */
export const STOPPED = 130;

export class Interruption {
  readonly #controller = new AbortController();
  #instead: (() => void) | null = null;

  private constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#take);
  }

  /** Listens from now on. */
  static listen(): Interruption {
    return new Interruption();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Stops as if the person had. */
  readonly stop = (): void => {
    this.#controller.abort();
  };

  /** While the work goes on, a signal calls `action` and stops nothing. */
  async instead<Result>(action: () => void, work: () => Promise<Result>): Promise<Result> {
    this.#instead = action;
    try {
      return await work();
    } finally {
      this.#instead = null;
    }
  }

  readonly #take = (signal: NodeJS.Signals): void => {
    if (this.#instead !== null && signal === 'SIGINT') {
      this.#instead();
    } else if (this.#controller.signal.aborted) {
      process.exit(STOPPED);
    } else {
      this.#controller.abort();
    }
  };
}

/** Resolves when the signal fires. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
