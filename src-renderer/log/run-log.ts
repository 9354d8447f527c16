/** The log of a phase or of a whole run, which grows as its job goes on. */
import { callEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { useJob, useLogGrowth } from '../store/job.ts';
import { LogDocument, type FoundLines, type LogLine, type LogPhase } from './log-document.ts';
import type { LogQuery } from './log-query.ts';

/** Between two questions after how long the log is; more where the answers take long. */
const LEAST_PAUSE_MS = 120;

const NO_PHASES: readonly LogPhase[] = [];

export class RunLog extends LogDocument {
  readonly run: string;
  /** Null for the whole run. */
  readonly phase: string | null;
  #signal: AbortSignal | null = null;
  #asking = false;
  /** How often it was wished to know how long the log is: more than when asking began means to ask again. */
  #wishes = 0;

  constructor(run: string, phase: string | null) {
    super();
    this.run = run;
    this.phase = phase;
  }

  /** None in the log of one phase. */
  override get phases(): readonly LogPhase[] {
    return this.phase === null ? super.phases : NO_PHASES;
  }

  override retry(): void {
    super.retry();
    this.#refresh();
  }

  override async search(query: LogQuery, limit: number, signal: AbortSignal): Promise<FoundLines> {
    const { text, regex, caseSensitive } = query;
    const { run, phase } = this;
    return callEngine(
      'logSearch',
      { run, phase, query: text, regex, caseSensitive, limit },
      signal,
    );
  }

  protected override async ask(
    from: number,
    count: number,
    signal: AbortSignal,
  ): Promise<readonly LogLine[]> {
    return callEngine('logLines', { run: this.run, phase: this.phase, from, count }, signal);
  }

  protected override follow(signal: AbortSignal): void {
    const stops = [
      useLogGrowth.subscribe((growth) => {
        if (growth.run === this.run) this.#refresh();
      }),
      useJob.subscribe(({ job }, before) => {
        if (job?.run === this.run && job.phases !== before.job?.phases) this.#refresh();
      }),
    ];
    signal.addEventListener('abort', () => {
      for (const stop of stops) stop();
      this.#asking = false;
    });
    this.#signal = signal;
    this.#refresh();
  }

  /** Asks how long the log is; soon again where it has grown meanwhile. */
  #refresh(): void {
    this.#wishes += 1;
    if (this.#asking || this.#signal === null) return;
    this.#asking = true;
    void this.#refreshUntilCalm(this.#signal);
  }

  async #refreshUntilCalm(signal: AbortSignal): Promise<void> {
    for (;;) {
      const wishes = this.#wishes;
      const start = performance.now();
      await this.#refreshOnce(signal);
      const pause = Math.max(LEAST_PAUSE_MS, (performance.now() - start) * 2);
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (signal.aborted) return;
      if (this.#wishes === wishes) break;
    }
    this.#asking = false;
  }

  async #refreshOnce(signal: AbortSignal): Promise<void> {
    try {
      await this.take(
        await callEngine('logInfo', { run: this.run, phase: this.phase }, signal),
        signal,
      );
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return;
      this.error = errorParts(error);
      this.tell();
    }
  }
}
