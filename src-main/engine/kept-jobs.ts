/** Work that an engine does for its fronts, which goes on without them: what goes on, and the last of what has ended. */
import { randomBytes } from 'node:crypto';
import { StrataError } from '../protocol/errors.ts';

interface KeptJob {
  readonly id: string;
  readonly live: boolean;
  /** Whether it can go no further without a person's answer. */
  readonly isWaiting: boolean;
  /** Resolves when it has ended; never rejects. */
  readonly ended: Promise<void>;
  /** Resolves when it has ended, begins to wait, or something else of it has changed. */
  readonly nextChange: () => Promise<void>;
  readonly stop: () => void;
}

/** How people are told of one. */
interface JobWords {
  /** As in `starting a run`. */
  readonly starting: string;
  /** As in `looking for a job`. */
  readonly looking: string;
  /** As in `this engine has no job 5f`. */
  readonly noun: string;
  /** What to do about one that is not there. */
  readonly advice: string;
}

export class KeptJobs<Job extends KeptJob> {
  readonly #words: JobWords;
  readonly #mostEnded: number;
  readonly #forget: (job: Job) => unknown;
  /** The oldest first. */
  #jobs: readonly Job[] = [];
  #closed = false;

  /**
   * @param mostEnded ended ones that are kept
   * @param forget what is done with those that are not kept any more
   */
  constructor(words: JobWords, mostEnded: number, forget: (job: Job) => unknown = () => undefined) {
    this.#words = words;
    this.#mostEnded = mostEnded;
    this.#forget = forget;
  }

  /** @throws StrataError `cancelled` while the engine closes. */
  begin(make: (id: string) => Job): Job {
    if (this.#closed) {
      throw new StrataError({
        code: 'cancelled',
        operation: this.#words.starting,
        reason: 'the engine is closing',
      });
    }
    const ended = this.#jobs.filter(({ live }) => !live);
    const tooMany = new Set(ended.slice(0, Math.max(0, ended.length - this.#mostEnded)));
    for (const old of tooMany) this.#forget(old);
    const job = make(randomBytes(8).toString('hex'));
    this.#jobs = [...this.#jobs.filter((old) => !tooMany.has(old)), job];
    return job;
  }

  /** @throws StrataError `not-found`. */
  get(id: string): Job {
    const job = this.#jobs.find((candidate) => candidate.id === id);
    if (job !== undefined) return job;
    const { looking, noun, advice } = this.#words;
    throw new StrataError({
      code: 'not-found',
      operation: looking,
      reason: `this engine has no ${noun} ${id}`,
      advice,
    });
  }

  /** The newest first. */
  list(): readonly Job[] {
    return this.#jobs.toReversed();
  }

  /** Whether none works. One that waits for a person does not: where nobody looks, nobody answers. */
  get isIdle(): boolean {
    return this.#working.length === 0;
  }

  /** Resolves once none works: those too that are started meanwhile. */
  async idle(): Promise<void> {
    for (let working = this.#working; working.length > 0; working = this.#working) {
      await Promise.race(working.map(async (job) => job.nextChange()));
    }
  }

  get #working(): readonly Job[] {
    return this.#jobs.filter(({ live, isWaiting }) => live && !isWaiting);
  }

  /** Stops all and waits for their end; none begins any more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#jobs) if (job.live) job.stop();
    await Promise.all(this.#jobs.map(({ ended }) => ended));
  }
}
