/**
 * The log of a phase or of a whole run as the window reads it: how long it is, where its marks are, and the lines that are on
 * screen. It follows the log while it grows.
 */
import type { CallResult } from '../../src-main/protocol/methods.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { callEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { useConnection } from '../store/connection.ts';
import { useJob, useLogGrowth } from '../store/job.ts';
import { LinePages } from './line-pages.ts';

export type LogInfo = CallResult<'logInfo'>;
export type LogLine = CallResult<'logLines'>[number];

/** Between two questions after how long the log is; more where the answers take long. */
const LEAST_PAUSE_MS = 120;

/** As many lines as stand in a high window: they are read before the log is said to have grown. */
const TAIL_LINES = 120;

/** The engine gives no more lines at once. */
const MOST_AT_ONCE = 2000;

export class LogDocument {
  readonly run: string;
  readonly phase: string | null;
  /** Null until the engine has answered. */
  info: LogInfo | null = null;
  error: WireError | null = null;
  /** Whether the end of the log is on screen. */
  showsEnd = false;
  #pages: LinePages<LogLine>;
  #version = 0;
  readonly #listeners = new Set<() => void>();
  #abort: AbortController | null = null;
  #asking = false;
  /** How often it was wished to know how long the log is: more than when asking began means to ask again. */
  #wishes = 0;

  constructor(run: string, phase: string | null) {
    this.run = run;
    this.phase = phase;
    this.#pages = this.#newPages();
  }

  /** Begins to read. @returns what ends it */
  open(): () => void {
    const abort = new AbortController();
    this.#abort = abort;
    this.#pages = this.#newPages();
    const stops = [
      useLogGrowth.subscribe((growth) => {
        if (growth.run === this.run) this.refresh();
      }),
      useJob.subscribe(({ job }, before) => {
        if (job?.run === this.run && job.phases !== before.job?.phases) this.refresh();
      }),
      useConnection.subscribe(({ state }, before) => {
        if (state === 'connected' && before.state === 'lost') this.retry();
      }),
    ];
    this.refresh();
    return () => {
      for (const stop of stops) stop();
      abort.abort();
      this.#pages.close();
      this.#asking = false;
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Another number after each change. */
  readonly version = (): number => this.#version;

  get lines(): number {
    return this.info?.lines ?? 0;
  }

  line(number: number): LogLine | undefined {
    return this.#pages.get(number);
  }

  /** The lines from `first` up to `end` are on screen. */
  want(first: number, end: number): void {
    this.#pages.want(first, end);
  }

  /** Asks again after a failure. */
  retry(): void {
    this.#pages.retry();
    this.error = null;
    this.refresh();
    this.#tell();
  }

  /** Reads lines apart from those on screen, for copying and saving. @throws RequestError */
  async *read(first: number, end: number, signal: AbortSignal): AsyncGenerator<readonly LogLine[]> {
    for (let from = first; from < end;) {
      const count = Math.min(MOST_AT_ONCE, end - from);
      const lines = await this.#ask(from, count, signal);
      if (lines.length === 0) return;
      yield lines;
      from += lines.length;
    }
  }

  /** The phase that a line belongs to, and the number of its first line. */
  phaseOf(line: number): { readonly name: string; readonly line: number } | null {
    if (this.phase !== null) return { name: this.phase, line: 0 };
    return this.info?.phases.findLast((phase) => phase.line <= line) ?? null;
  }

  /** Asks how long the log is; soon again where it has grown meanwhile. */
  refresh(): void {
    this.#wishes += 1;
    if (this.#asking) return;
    this.#asking = true;
    void this.#refreshUntilCalm();
  }

  async #refreshUntilCalm(): Promise<void> {
    const abort = this.#abort;
    if (abort === null) return;
    for (;;) {
      const wishes = this.#wishes;
      const start = performance.now();
      await this.#refreshOnce(abort.signal);
      const pause = Math.max(LEAST_PAUSE_MS, (performance.now() - start) * 2);
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (abort.signal.aborted) return;
      if (this.#wishes === wishes) break;
    }
    this.#asking = false;
  }

  async #refreshOnce(signal: AbortSignal): Promise<void> {
    try {
      const info = await callEngine('logInfo', { run: this.run, phase: this.phase }, signal);
      this.#pages.total = info.lines;
      if (this.showsEnd || this.info === null) {
        await this.#pages.fetchNow(Math.max(0, info.lines - TAIL_LINES), info.lines);
      }
      if (signal.aborted) return;
      this.info = info;
      this.error = null;
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return;
      this.error = errorParts(error);
    }
    this.#tell();
  }

  #newPages(): LinePages<LogLine> {
    return new LinePages(
      (from, count, signal) => this.#ask(from, count, signal),
      () => this.#tell(),
      (error) => {
        this.error = errorParts(error);
      },
    );
  }

  async #ask(from: number, count: number, signal: AbortSignal): Promise<readonly LogLine[]> {
    return callEngine('logLines', { run: this.run, phase: this.phase, from, count }, signal);
  }

  #tell(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
