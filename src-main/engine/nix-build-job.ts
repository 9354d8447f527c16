/**
 * A build by Nix that was asked for, which goes on whoever looks at it, or the log of an old one. Any number of readers
 * follow it; each is told how it stands, and then what changes.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { draftName } from '../host/draft.ts';
import type { BuildLog, DerivationBuild } from '../nix/build-log.ts';
import { faultOf } from '../nix/failure-message.ts';
import type { PermittedOption } from '../nix/permitted-options.ts';
import type { StrataError } from '../protocol/errors.ts';
import type { NixBuildEvent, NixBuildWish, PausedBuildView } from '../protocol/methods.ts';
import { wireError } from '../protocol/wire-error.ts';
import { BuilderLines } from './builder-lines.ts';
import { wasStopped } from './job-end.ts';
import type { FoundLines, LineQuery } from './line-search.ts';
import {
  inputDerivations,
  type NixBuildHooks,
  type NixBuildResult,
  type PausedAnswer,
} from './nix-build.ts';
import type { PausedBuild } from './paused-build.ts';
import { Wakeups } from './wakeups.ts';

/** Pause between two looks at what has changed (milliseconds). */
const BREATH = 100;

/** What the work of a job is given. */
export type JobHooks = NixBuildHooks;

/** What the work of a job comes to. */
export interface JobResult {
  readonly status: 'succeeded' | 'failed' | 'unknown';
  readonly outputs: readonly string[];
  readonly log: BuildLog;
  readonly paused: NixBuildResult['paused'];
  /** Settings that the daemon did not take, with what allows them. */
  readonly ignored: readonly Omit<PermittedOption, 'does'>[];
}

/** A failure that waits for an answer. */
interface Waiting {
  /** Its own, so that no answer goes to a later one. */
  readonly hold: string;
  /** Since when (milliseconds since 1970). */
  readonly since: number;
  readonly build: PausedBuild;
  /** Why it could not be built again; null as a rule. */
  readonly problem: StrataError | null;
  readonly answer: (answer: PausedAnswer) => void;
}

type End = Extract<NixBuildEvent, { readonly event: 'finished' | 'stopped' }>;

export class NixBuildJob {
  readonly id: string;
  /** Null for the log of an old build. */
  readonly wish: NixBuildWish | null;
  readonly title: string;
  /** When it was asked for (milliseconds since 1970). */
  readonly since = Date.now();
  /** Resolves when it has ended; never rejects. */
  readonly ended: Promise<void>;
  readonly #controller = new AbortController();
  readonly #wakeups = new Wakeups();
  readonly #lines: BuilderLines;
  #derivation: { readonly derivation: string; readonly plain: string } | null = null;
  /** What is no part of the log. */
  #notes: readonly string[] = [];
  #waiting: Waiting | null = null;
  /** How often all has begun anew. */
  #again = 0;
  #log: BuildLog | null = null;
  /** What each derivation needs directly, read once. */
  readonly #inputs = new Map<string, readonly string[]>();
  #end: End | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** @param root the cache directory, for the lines */
  constructor(
    id: string,
    about: { readonly title: string; readonly wish: NixBuildWish | null },
    root: string,
    work: (hooks: JobHooks) => Promise<JobResult>,
  ) {
    this.id = id;
    this.wish = about.wish;
    this.title = about.title;
    this.#lines = new BuilderLines(join(root, draftName()));
    this.ended = this.#carryOut(work);
  }

  get live(): boolean {
    return this.#end === null;
  }

  /** The failure that waits for a person; null for none. */
  get waiting(): Waiting | null {
    return this.#waiting;
  }

  get isWaiting(): boolean {
    return this.#waiting !== null;
  }

  async nextChange(): Promise<void> {
    await this.#wakeups.next();
  }

  stop(): void {
    this.#controller.abort();
  }

  async lines(
    derivation: string,
    from: number,
    count: number,
  ): Promise<{ text: string; at: number }[]> {
    return this.#lines.read(derivation, from, count);
  }

  /** @throws StrataError `usage` for what is no regular expression, or one that takes too long. */
  async search(derivation: string, query: LineQuery, signal: AbortSignal): Promise<FoundLines> {
    return this.#lines.search(derivation, query, signal);
  }

  /** Forgets its lines. */
  async remove(): Promise<void> {
    await this.#lines.remove();
  }

  async *follow(signal: AbortSignal): AsyncGenerator<NixBuildEvent> {
    let seen = 0;
    let again = 0;
    let notes = 0;
    let isEvaluated = false;
    let hold: string | null = null;
    while (!signal.aborted) {
      // Taken before the look: a front can be busy with one item while the next comes.
      const { count } = this.#wakeups;
      const end = this.#end;
      if (again !== this.#again) {
        [again, seen, notes, isEvaluated, hold] = [this.#again, 0, 0, false, null];
        yield { event: 'again' };
      }
      if (notes < this.#notes.length) {
        yield* this.#notes.slice(notes).map((text) => ({ event: 'note', text }) as const);
        notes = this.#notes.length;
      }
      if (!isEvaluated && this.#derivation !== null) {
        isEvaluated = true;
        yield { event: 'evaluated', ...this.#derivation };
      }
      const log = this.#log;
      if (log !== null && log.version > seen) {
        const changes = log.since(seen);
        seen = changes.version;
        const told = await this.#withInputs(changes.derivations);
        yield {
          event: 'changed',
          derivations: told.map(({ phases, inputs, ...build }) => ({
            ...build,
            fault: build.state === 'failed' ? faultOf(build.reason) : null,
            phases: [...phases],
            inputs: [...inputs],
          })),
          transfers: [...changes.transfers],
        };
        continue;
      }
      const waiting = this.#waiting;
      if ((waiting?.hold ?? null) !== hold) {
        hold = waiting?.hold ?? null;
        yield { event: 'paused', paused: waiting === null ? null : pausedView(waiting) };
      }
      if (end !== null) {
        yield end;
        return;
      }
      await this.#wakeups.since(count, signal);
    }
  }

  async #carryOut(work: (hooks: JobHooks) => Promise<JobResult>): Promise<void> {
    const { signal } = this.#controller;
    try {
      const result = await work({
        signal,
        sink: this.#lines.take,
        onEvaluated: (derivation, plain) => {
          this.#derivation = { derivation, plain };
          this.#wakeups.wake();
        },
        onChange: (log) => {
          this.#log = log;
          this.#wakeSoon();
        },
        onNote: (text) => {
          this.#notes = [...this.#notes, text];
          this.#wakeups.wake();
        },
        onPaused: async (build, over, problem) => this.#ask(build, over, problem),
        onAgain: () => {
          this.#again += 1;
          [this.#derivation, this.#log, this.#notes] = [null, null, []];
          this.#lines.restart();
          this.#wakeups.wake();
        },
      });
      this.#log = result.log;
      this.#end = {
        event: 'finished',
        status: result.status,
        outputs: [...result.outputs],
        failed: result.log.failed.map(({ derivation }) => derivation),
        errors: [...result.log.errors],
        kept: [...result.log.keptDirectories],
        ms: this.wish === null ? null : Date.now() - this.since,
        pausedUntil: result.paused?.endedBy ?? null,
        ignored: [...result.ignored],
      };
    } catch (error) {
      this.#end = {
        event: 'stopped',
        error: wasStopped(error, signal) ? null : wireError(error, 'building with Nix'),
      };
    } finally {
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#wakeups.wake();
    }
  }

  async #ask(
    build: PausedBuild,
    over: AbortSignal,
    problem: StrataError | null,
  ): Promise<PausedAnswer> {
    return new Promise<PausedAnswer>((resolve) => {
      const hold = randomBytes(8).toString('hex');
      this.#waiting = { hold, since: Date.now(), build, problem, answer: resolve };
      over.addEventListener('abort', () => resolve('end'), { once: true });
      this.#wakeups.wake();
    }).finally(() => {
      this.#waiting = null;
      this.#wakeups.wake();
    });
  }

  async #withInputs(
    builds: readonly DerivationBuild[],
  ): Promise<readonly (DerivationBuild & { readonly inputs: readonly string[] })[]> {
    for (const { derivation } of builds) {
      if (!this.#inputs.has(derivation)) {
        this.#inputs.set(derivation, await inputDerivations(derivation));
      }
    }
    return builds.map((build) => ({ ...build, inputs: this.#inputs.get(build.derivation) ?? [] }));
  }

  #wakeSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#wakeups.wake();
    }, BREATH);
  }
}

function pausedView({ hold, since, build, problem }: Waiting): PausedBuildView {
  const { derivation, name, phase, exitCode, directory, hindrance } = build;
  const ways = build.ways.map((way) => ({ name: way.name, command: [...way.command] }));
  return {
    problem: problem === null ? null : wireError(problem, 'building again'),
    hold,
    since,
    derivation,
    name,
    phase,
    exitCode,
    directory,
    ways,
    hindrance,
  };
}
