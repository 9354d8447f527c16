/**
 * A run that was asked for, which goes on whoever looks at it. Any number of readers follow it from its beginning; how far
 * logs have grown, and what stage it is in, is told as it is now and not as it was.
 */
import { wasAborted } from '../host/process.ts';
import { quoteForShell } from '../host/shell-word.ts';
import { StrataError } from '../protocol/errors.ts';
import type { JobEvent, Wish } from '../protocol/methods.ts';
import type { RunEvent } from '../protocol/run-events.ts';
import type { Tracing } from '../phases/tracing.ts';
import type { Engine, HeldSandbox, RunHooks } from './engine.ts';
import { stoppedBy } from './job-end.ts';
import { stageText } from './stage-text.ts';
import { Wakeups } from './wakeups.ts';
import { buildWish } from './wish.ts';

/** Pause between two looks at how far a log has grown (milliseconds). */
const BREATH = 100;

type Answer = 'continue' | 'end';

export class Job {
  readonly id: string;
  readonly wish: Wish;
  /** When it was asked for (milliseconds since 1970). */
  readonly since = Date.now();
  /** Resolves when it has ended; never rejects. */
  readonly ended: Promise<void>;
  readonly #controller = new AbortController();
  readonly #events: JobEvent[] = [];
  /** Lines by phase. */
  readonly #lines = new Map<string, number>();
  readonly #startedAt = new Map<string, number>();
  readonly #wakeups = new Wakeups();
  #stage = '';
  #run: string | null = null;
  #live = true;
  /** What waits for an answer: a failure that is held, or a run at a breakpoint. */
  #asked: { readonly about: 'held' | 'paused'; readonly answer: (answer: Answer) => void } | null =
    null;
  #held: HeldSandbox | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(id: string, wish: Wish, engine: Engine, cwd: string) {
    this.id = id;
    this.wish = wish;
    this.ended = this.#carryOut(engine, cwd);
  }

  /** Whether a failure that is held, or a run at a breakpoint, waits for an answer. */
  get isWaiting(): boolean {
    return this.#asked !== null;
  }

  async nextChange(): Promise<void> {
    await this.#wakeups.next();
  }

  get live(): boolean {
    return this.#live;
  }

  /** The run's id, once there is a plan. */
  get run(): string | null {
    return this.#run;
  }

  /** When a phase began (milliseconds since 1970); null where it did not. */
  startedAt(phase: string): number | null {
    return this.#startedAt.get(phase) ?? null;
  }

  stop(): void {
    this.#controller.abort();
    this.#answer('held', 'end');
  }

  /** @throws StrataError `usage` where nothing is held. */
  answerHeld(answer: Answer): void {
    if (this.#answer('held', answer)) return;
    throw new StrataError({
      code: 'usage',
      operation: 'answering a held phase',
      reason: 'no phase is held',
    });
  }

  /** The failure whose sandbox waits. @throws StrataError `not-found` where none does. */
  get held(): HeldSandbox {
    if (this.#held !== null) return this.#held;
    throw new StrataError({
      code: 'not-found',
      operation: 'looking for a held phase',
      reason: 'no phase is held any more',
    });
  }

  /** @throws StrataError `usage` where it is not at a breakpoint. */
  answerPaused(answer: Answer): void {
    if (this.#answer('paused', answer)) return;
    throw new StrataError({
      code: 'usage',
      operation: 'answering a paused run',
      reason: 'the run is not at a breakpoint',
    });
  }

  /** What happened so far, then what happens, to the end of the job. */
  async *follow(signal: AbortSignal): AsyncGenerator<JobEvent> {
    const told = new Map<string, number>();
    let stage = '';
    const grown = (phase: string): JobEvent | null => {
      const lines = this.#lines.get(phase) ?? 0;
      if (lines === (told.get(phase) ?? 0)) return null;
      told.set(phase, lines);
      return { event: 'log-grew', phase, lines };
    };
    for (let at = 0; !signal.aborted;) {
      // Taken before the look: a front can be busy with one item while the next comes.
      const count = this.#wakeups.count;
      const event = this.#events[at];
      if (event !== undefined) {
        at += 1;
        // A front that knows a phase to be over has been told of all its lines.
        const last = event.event === 'phase-finished' ? grown(event.phase) : null;
        if (last !== null) yield last;
        yield event;
        continue;
      }
      if (stage !== this.#stage) {
        stage = this.#stage;
        yield { event: 'stage', text: stage };
      }
      for (const phase of [...this.#lines.keys()]) {
        const news = grown(phase);
        if (news !== null) yield news;
      }
      // While those were taken, more may have come.
      if (at < this.#events.length) continue;
      if (!this.#live) return;
      await this.#wakeups.since(count, signal);
    }
  }

  async #carryOut(engine: Engine, cwd: string): Promise<void> {
    const { signal } = this.#controller;
    const end: { told: Extract<RunEvent, { event: 'finished' }> | null } = { told: null };
    const hooks: RunHooks = {
      signal,
      emit: (event) => {
        // Why a build failed whose phases succeeded is known a moment later.
        if (event.event === 'finished') end.told = event;
        else this.#take(event);
      },
      onRealisation: (progress) => this.#setStage(stageText(progress)),
      ...(this.wish.hold ? { onHeld: async (held) => this.#hold(held) } : {}),
      breakpoints: {
        before: this.wish.breakBefore,
        after: this.wish.breakAfter,
        onPaused: async () => this.#ask('paused'),
      },
      ...(this.wish.trace.length === 0 ? {} : { tracing: tracingOf(this.wish) }),
    };
    try {
      this.#setStage(`evaluating ${this.wish.target === '' ? 'default.nix' : this.wish.target}`);
      const result = await engine.run(buildWish(this.wish, cwd), hooks);
      const { status, ms } = end.told ?? { status: 'succeeded' as const, ms: 0 };
      this.#push({ event: 'finished', status, ms, complaint: result.complaint });
    } catch (error) {
      this.#push(stoppedBy(error, signal));
    } finally {
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#stage = '';
      this.#live = false;
      this.#wakeups.wake();
    }
  }

  #take(event: Exclude<RunEvent, { event: 'finished' }>): void {
    switch (event.event) {
      case 'planned': {
        const { run, derivation, phases } = event;
        this.#run = run;
        this.#push({ event: 'planned', run, derivation, phases: [...phases] });
        break;
      }
      case 'phase-started': {
        const at = Date.now();
        this.#startedAt.set(event.phase, at);
        this.#push({ event: 'phase-started', phase: event.phase, at });
        break;
      }
      case 'log':
        this.#lines.set(event.phase, (this.#lines.get(event.phase) ?? 0) + 1);
        this.#stage = '';
        this.#wakeSoon();
        break;
      case 'paused':
        this.#push({ ...event, at: Date.now() });
        break;
      case 'phase-finished':
        this.#push(event);
        break;
    }
  }

  async #hold(held: HeldSandbox): Promise<Answer> {
    if (wasAborted(this.#controller.signal)) return 'end';
    const answer = this.#ask('held');
    this.#held = held;
    const attach = held.attach.map(quoteForShell).join(' ');
    this.#push({ event: 'held', phase: held.phase, attach, at: Date.now() });
    return answer;
  }

  async #ask(about: 'held' | 'paused'): Promise<Answer> {
    return new Promise((resolve) => {
      this.#asked = { about, answer: resolve };
      this.#wakeups.wake();
    });
  }

  #answer(about: 'held' | 'paused', answer: Answer): boolean {
    const asked = this.#asked;
    if (asked?.about !== about) return false;
    this.#asked = null;
    this.#held = null;
    this.#push({ event: 'resumed', at: Date.now() });
    asked.answer(answer);
    return true;
  }

  #setStage(text: string): void {
    this.#stage = text;
    this.#wakeSoon();
  }

  #push(event: JobEvent): void {
    this.#events.push(event);
    this.#wakeups.wake();
  }

  #wakeSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#wakeups.wake();
    }, BREATH);
  }
}

/** Of all phases that run: which ones do is the plan's affair. */
function tracingOf({ trace, tracer }: Wish): Tracing {
  return {
    phases: new Map(trace.map((kind) => [kind, null])),
    ldDebug: 'libs,files',
    ...(tracer === null ? {} : { tracer }),
  };
}
