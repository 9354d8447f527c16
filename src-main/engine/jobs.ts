/** The jobs of an engine, those that ended lately included. */
import type { Wish } from '../protocol/methods.ts';
import type { Engine } from './engine.ts';
import { Job } from './job.ts';
import { KeptJobs } from './kept-jobs.ts';

/** Ended jobs that are kept. */
const MOST_ENDED = 100;

const WORDS = {
  starting: 'starting a run',
  looking: 'looking for a job',
  noun: 'job',
  advice: 'the engine may have been started again since; its runs are in the list of runs',
} as const;

export class Jobs extends KeptJobs<Job> {
  readonly #engine: Engine;
  readonly #cwd: string;

  /** @param cwd where relative paths of wishes begin */
  constructor(engine: Engine, cwd: string) {
    super(WORDS, MOST_ENDED);
    this.#engine = engine;
    this.#cwd = cwd;
  }

  start(wish: Wish): Job {
    return this.begin((id) => new Job(id, wish, this.#engine, this.#cwd));
  }

  /** The job of a run, where this engine carried it out. */
  ofRun(run: string): Job | null {
    return this.list().find((job) => job.run === run) ?? null;
  }
}
