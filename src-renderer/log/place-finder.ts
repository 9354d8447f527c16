/**
 * Finds the places of a pattern beside the window, in a thread that is ended when it takes too long.
 *
 * A regular expression such as `(x+x+)+y` takes for ever on thirty letters, and nothing but the end of its thread stops it. No
 * limit of length bounds that, nor does it that the engine has found the line within its own limit: it looked for the first
 * place, and the search for the next may be the one without an end.
 */
import { localError } from '../../src-main/protocol/wire-error.ts';
import type { Range } from './line-pieces.ts';
import type { Pattern } from './log-query.ts';

/** A text in which something was found. */
export interface FoundText {
  /** Its index in what was searched. */
  readonly at: number;
  readonly places: readonly Range[];
}

export interface FindRequest {
  readonly pattern: Pattern;
  readonly texts: readonly string[];
}

/** What of a worker is used. */
export type FindWorker = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>;

/** For the lines of a file of 2 MiB, with room for a machine that is busy building (milliseconds). */
const PATIENCE_MS = 2000;

interface Waiting extends FindRequest {
  readonly signal: AbortSignal;
  readonly resolve: (found: readonly FoundText[]) => void;
  readonly reject: (error: unknown) => void;
}

export class PlaceFinder {
  readonly #start: () => FindWorker;
  readonly #patience: number;
  readonly #waiting: Waiting[] = [];
  /** They are not tried again on the next text. */
  readonly #slow = new WeakSet<Pattern>();
  #worker: FindWorker | null = null;
  #working = false;

  /**
   * @param start starts the thread, which says something once it is loaded and then answers each request with its
   * {@link FoundText}s
   * @param patience what one request may take (milliseconds)
   */
  constructor(start: () => FindWorker, patience = PATIENCE_MS) {
    this.#start = start;
    this.#patience = patience;
  }

  /**
   * The texts in which the pattern is found, in order. Requests are answered one after another.
   *
   * @throws RequestError `usage` where it takes too long, for this pattern from then on at once; DOMException after the signal.
   */
  async find(
    pattern: Pattern,
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly FoundText[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ pattern, texts, signal, resolve, reject });
      if (!this.#working) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { pattern, texts, signal, resolve, reject } = next;
      try {
        signal.throwIfAborted();
        if (this.#slow.has(pattern)) throw tooSlow();
        // The time that loading takes is none of the pattern's.
        this.#worker ??= await this.#loaded();
        const found = await this.#ask(this.#worker, { pattern, texts });
        signal.throwIfAborted();
        resolve(found);
      } catch (error) {
        reject(error);
      }
    }
    this.#working = false;
  }

  async #loaded(): Promise<FindWorker> {
    const worker = this.#start();
    await new Promise<void>((resolve, reject) => {
      worker.onmessage = () => resolve();
      worker.onerror = ({ message }) => reject(broken(message));
    });
    return worker;
  }

  async #ask(worker: FindWorker, request: FindRequest): Promise<readonly FoundText[]> {
    return new Promise((resolve, reject) => {
      const end = (error: Error): void => {
        clearTimeout(timer);
        worker.terminate();
        this.#worker = null;
        reject(error);
      };
      const timer = setTimeout(() => {
        this.#slow.add(request.pattern);
        end(tooSlow());
      }, this.#patience);
      worker.onmessage = ({ data }: MessageEvent<readonly FoundText[]>) => {
        clearTimeout(timer);
        resolve(data);
      };
      worker.onerror = ({ message }) => end(broken(message));
      worker.postMessage(request);
    });
  }
}

function tooSlow(): Error {
  return localError(
    'usage',
    'searching',
    'the regular expression takes too long, as nested repetitions do: (a+)+',
    'Correct it, or search for plain text.',
  );
}

function broken(message: string): Error {
  return localError('fault', 'searching', message === '' ? 'its thread ended' : message);
}
