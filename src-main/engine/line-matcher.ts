/**
 * Finding texts by a pattern, in a thread of its own: a regular expression can take for ever, meanwhile nothing else would be
 * answered, and it ends only with its thread.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { StrataError } from '../protocol/errors.ts';
import { searchExpression } from '../protocol/search-expression.ts';

export interface Pattern {
  readonly query: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
}

/** What a pattern may take for all texts together (milliseconds): a good one takes a second for a gigabyte. */
const BUDGET = 5000;

/** The thread's program. It is a text because the engine is bundled into one file, which has no other beside it. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const pattern = new RegExp(workerData.source, workerData.flags);
parentPort.on('message', (texts) =>
  parentPort.postMessage(texts.flatMap((text, at) => (pattern.test(text) ? [at] : []))));
`;

export class LineMatcher {
  readonly #worker: Worker;
  /** Milliseconds that are left of the budget. */
  #left: number;

  /**
   * Starts the thread; {@link close} ends it.
   *
   * @throws StrataError `usage` for what is no regular expression.
   */
  constructor(pattern: Pattern, budget = BUDGET) {
    this.#left = budget;
    const { source, flags } = expression(pattern);
    this.#worker = new Worker(PROGRAM, { eval: true, execArgv: [], workerData: { source, flags } });
    // Whoever waits for an answer hears of a failure.
    this.#worker.on('error', () => undefined);
  }

  /**
   * The places of the texts that match; one call after another.
   *
   * @throws StrataError `usage` where the budget is used up; the signal's reason where it fired.
   */
  async match(texts: readonly string[], signal: AbortSignal): Promise<readonly number[]> {
    signal.throwIfAborted();
    const began = performance.now();
    const late = AbortSignal.timeout(Math.max(0, Math.ceil(this.#left)));
    try {
      const answer = once(this.#worker, 'message', { signal: AbortSignal.any([signal, late]) });
      this.#worker.postMessage(texts);
      const [places] = (await answer) as [readonly number[]];
      return places;
    } catch (error) {
      signal.throwIfAborted();
      if (late.aborted) throw badExpression('it takes too long, as nested repetitions do: (a+)+');
      throw error;
    } finally {
      this.#left -= performance.now() - began;
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

function expression({ query, ...kind }: Pattern): RegExp {
  try {
    return searchExpression(query, kind);
  } catch (error) {
    throw badExpression(error instanceof Error ? error.message : String(error));
  }
}

function badExpression(reason: string): StrataError {
  return new StrataError({
    code: 'usage',
    operation: 'searching the log',
    reason,
    advice: 'correct the regular expression, or search for plain text',
  });
}
