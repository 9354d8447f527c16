/** The builds by Nix of an engine, those that ended lately included. */
import { resolve } from 'node:path';
import type { NixBuildWish } from '../protocol/methods.ts';
import type { Engine } from './engine.ts';
import { KeptJobs } from './kept-jobs.ts';
import { NixBuildJob, type JobHooks, type JobResult } from './nix-build-job.ts';

/** Ended builds that are kept, with their logs. */
const MOST_ENDED = 20;

const WORDS = {
  starting: 'starting a build by Nix',
  looking: 'looking for a build by Nix',
  noun: 'build',
  advice: 'the engine may have been started again since; build it once more',
} as const;

export class NixBuilds extends KeptJobs<NixBuildJob> {
  readonly #engine: Engine;
  readonly #cwd: string;

  /** @param cwd where relative paths of wishes begin */
  constructor(engine: Engine, cwd: string) {
    super(WORDS, MOST_ENDED, (job) => void job.remove());
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

  /** Stops all, waits for their end and forgets their logs. */
  override async close(): Promise<void> {
    await super.close();
    await Promise.all(this.list().map((job) => job.remove()));
  }

  #begin(
    about: { readonly title: string; readonly wish: NixBuildWish | null },
    work: (hooks: JobHooks) => Promise<JobResult>,
  ): NixBuildJob {
    return this.begin((id) => new NixBuildJob(id, about, this.#engine.root, work));
  }
}
