/** The builds by Nix of an engine, those that ended lately included. */
import { resolve } from 'node:path';
import type { BuildLog } from '../nix/build-log.ts';
import { StrataError } from '../protocol/errors.ts';
import type { NixBuildWish } from '../protocol/methods.ts';
import type { Engine } from './engine.ts';
import { KeptJobs } from './kept-jobs.ts';
import type { PausedAnswer } from './nix-build.ts';
import { NixBuildJob, type JobHooks, type JobResult } from './nix-build-job.ts';
import { shellCommandOf } from './paused-build.ts';

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
    const { target, attribute, check, keepFailed, keepGoing, hold, enterBy } = wish;
    const words = target === '' ? 'default.nix' : target;
    const title = attribute === null || attribute === '' ? words : `${words} -A ${attribute}`;
    return this.#begin({ title, wish }, async (hooks) => {
      const result = await this.#engine.nixBuild(
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
          onFailure: hold ? 'hold' : 'end',
          enterBy,
          outLink: null,
        },
        hooks,
      );
      const ignored = await this.#engine.ignoredOptions(result.ignored, wish.options);
      return { ...result, ignored };
    });
  }

  /** @throws StrataError `not-found` where there is no such file. */
  async openLog(path: string): Promise<NixBuildJob> {
    const place = resolve(this.#cwd, path);
    const { read } = await this.#engine.nixLog(place);
    return this.#begin({ title: place, wish: null }, async ({ sink, signal }) => {
      const log = await read(sink, signal);
      return {
        status: statusOf(log),
        outputs: [],
        log,
        paused: null,
        ignored: [],
      };
    });
  }

  /** @throws StrataError `not-found` where it is not paused any more. */
  answer(hold: string, answer: PausedAnswer): void {
    this.#waiting(hold).answer(answer);
  }

  /**
   * What opens a shell in a paused build, on the terminal it is started in.
   *
   * @throws StrataError `not-found`, `environment` where no way leads into it.
   */
  shell(hold: string): { readonly command: readonly string[]; readonly title: string } {
    const { build } = this.#waiting(hold);
    const what = build.phase ?? build.name ?? 'build';
    return { command: shellCommandOf(build), title: `${what} (paused)` };
  }

  /** Stops all, waits for their end and forgets their logs. */
  override async close(): Promise<void> {
    await super.close();
    await Promise.all(this.list().map((job) => job.remove()));
  }

  #waiting(hold: string): NonNullable<NixBuildJob['waiting']> {
    const found = this.list().find(({ waiting }) => waiting?.hold === hold)?.waiting ?? null;
    if (found !== null) return found;
    throw new StrataError({
      code: 'not-found',
      operation: 'looking for a paused build',
      reason: 'the build is not paused any more: it has ended, or is built again',
    });
  }

  #begin(
    about: { readonly title: string; readonly wish: NixBuildWish | null },
    work: (hooks: JobHooks) => Promise<JobResult>,
  ): NixBuildJob {
    return this.begin((id) => new NixBuildJob(id, about, this.#engine.root, work));
  }
}

/** What the log of an old build says of it. */
function statusOf({ derivations, failed }: BuildLog): JobResult['status'] {
  if (failed.length > 0) return 'failed';
  return derivations.some(({ state }) => state === 'unknown') ? 'unknown' : 'succeeded';
}
