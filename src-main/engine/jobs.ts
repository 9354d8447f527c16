/** The jobs of an engine, those that ended lately included. */
import { randomBytes } from 'node:crypto';
import { StrataError } from '../protocol/errors.ts';
import type { Wish } from '../protocol/methods.ts';
import type { Engine } from './engine.ts';
import { Job } from './job.ts';

/** Ended jobs that are kept. */
const MOST_ENDED = 100;

export class Jobs {
  readonly #engine: Engine;
  readonly #cwd: string;
  /** The oldest first. */
  #jobs: Job[] = [];
  #closed = false;

  /** @param cwd where relative paths of wishes begin */
  constructor(engine: Engine, cwd: string) {
    this.#engine = engine;
    this.#cwd = cwd;
  }

  start(wish: Wish): Job {
    if (this.#closed) {
      throw new StrataError({
        code: 'cancelled',
        operation: 'starting a run',
        reason: 'the engine is closing',
      });
    }
    const ended = this.#jobs.filter(({ live }) => !live);
    const tooMany = new Set(ended.slice(0, Math.max(0, ended.length - MOST_ENDED)));
    const job = new Job(randomBytes(8).toString('hex'), wish, this.#engine, this.#cwd);
    this.#jobs = [...this.#jobs.filter((old) => !tooMany.has(old)), job];
    return job;
  }

  /** @throws StrataError `not-found`. */
  get(id: string): Job {
    const job = this.#jobs.find((candidate) => candidate.id === id);
    if (job !== undefined) return job;
    throw new StrataError({
      code: 'not-found',
      operation: 'looking for a job',
      reason: `this engine has no job ${id}`,
      advice: 'the engine may have been started again since; its runs are in the list of runs',
    });
  }

  /** The newest first. */
  list(): readonly Job[] {
    return this.#jobs.toReversed();
  }

  /** The job of a run, where this engine carried it out. */
  ofRun(run: string): Job | null {
    return this.#jobs.findLast((job) => job.run === run) ?? null;
  }

  get isIdle(): boolean {
    return this.#jobs.every(({ live }) => !live);
  }

  /** Resolves once none goes on: those too that are started meanwhile. */
  async idle(): Promise<void> {
    while (!this.isIdle) await Promise.all(this.#jobs.map(({ ended }) => ended));
  }

  /** Stops all and waits for their end. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#jobs) if (job.live) job.stop();
    await Promise.all(this.#jobs.map(({ ended }) => ended));
  }
}
