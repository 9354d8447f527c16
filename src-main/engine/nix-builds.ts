/** The builds by Nix of an engine, those that ended lately included. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { StrataError } from '../protocol/errors.ts';
import type { NixBuildWish } from '../protocol/methods.ts';
import type { Engine } from './engine.ts';
import { NixBuildJob, type JobHooks, type JobResult } from './nix-build-job.ts';

/** Ended builds that are kept, with their logs. */
const MOST_ENDED = 20;

export class NixBuilds {
  readonly #engine: Engine;
  readonly #cwd: string;
  /** The oldest first. */
  #jobs: readonly NixBuildJob[] = [];
  #closed = false;

  /** @param cwd where relative paths of wishes begin */
  constructor(engine: Engine, cwd: string) {
    this.#engine = engine;
    this.#cwd = cwd;
  }

  start(wish: NixBuildWish): NixBuildJob {
    const { target, attribute, check, keepFailed, keepGoing } = wish;
    const words = target === '' ? 'default.nix' : target;
    const title = attribute === null || attribute === '' ? words : `${words} -A ${attribute}`;
    return this.#begin({ title, wish }, (hooks) =>
      this.#engine.nixBuild(
        {
          target: target === '' ? null : target,
          attribute: attribute === '' ? null : attribute,
          evaluation: {
            args: wish.args,
            argstrs: wish.argstrs,
            options: wish.options,
            impure: wish.impure,
            allowUnfree: wish.allowUnfree,
            changes: new Map(wish.set),
          },
          mode: check ? 'check' : 'normal',
          failedDirectory: keepFailed ? 'keep' : 'remove',
          afterFailure: keepGoing ? 'go-on' : 'end',
          outLink: null,
        },
        hooks,
      ),
    );
  }

  /** @throws StrataError `not-found` where there is no such file. */
  async openLog(path: string): Promise<NixBuildJob> {
    const place = resolve(this.#cwd, path);
    const { read } = await this.#engine.nixLog(place);
    return this.#begin({ title: place, wish: null }, async ({ sink, signal }) => {
      const log = await read(sink, signal);
      return { status: log.failed.length === 0 ? 'succeeded' : 'failed', outputs: [], log };
    });
  }

  /** @throws StrataError `not-found`. */
  get(id: string): NixBuildJob {
    const job = this.#jobs.find((candidate) => candidate.id === id);
    if (job !== undefined) return job;
    throw new StrataError({
      code: 'not-found',
      operation: 'looking for a build by Nix',
      reason: `this engine has no build ${id}`,
      advice: 'the engine may have been started again since; build it once more',
    });
  }

  /** The newest first. */
  list(): readonly NixBuildJob[] {
    return this.#jobs.toReversed();
  }

  get isIdle(): boolean {
    return this.#jobs.every(({ live }) => !live);
  }

  /** Resolves once none goes on: those too that are started meanwhile. */
  async idle(): Promise<void> {
    while (!this.isIdle) await Promise.all(this.#jobs.map(({ ended }) => ended));
  }

  /** Stops all, waits for their end and forgets their logs. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#jobs) if (job.live) job.stop();
    await Promise.all(this.#jobs.map(({ ended }) => ended));
    await Promise.all(this.#jobs.map((job) => job.remove()));
  }

  #begin(
    about: { readonly title: string; readonly wish: NixBuildWish | null },
    work: (hooks: JobHooks) => Promise<JobResult>,
  ): NixBuildJob {
    if (this.#closed) {
      throw new StrataError({
        code: 'cancelled',
        operation: 'starting a build by Nix',
        reason: 'the engine is closing',
      });
    }
    const ended = this.#jobs.filter(({ live }) => !live);
    const tooMany = new Set(ended.slice(0, Math.max(0, ended.length - MOST_ENDED)));
    for (const old of tooMany) void old.remove();
    const job = new NixBuildJob(randomBytes(8).toString('hex'), about, this.#engine.root, work);
    this.#jobs = [...this.#jobs.filter((old) => !tooMany.has(old)), job];
    return job;
  }
}
