/**
 * A log as the window reads it: how long it is, where its marks are, and the lines that are on screen. Where it comes from is
 * its kind's own: a run, or a builder of Nix's. It follows the log while it grows.
 */
import type { CallResult } from '../../src-main/protocol/methods.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { errorParts } from '../connection/error-parts.ts';
import { useConnection } from '../store/connection.ts';
import { LinePages } from './line-pages.ts';
import type { LogQuery } from './log-query.ts';

export type LogInfo = Pick<CallResult<'logInfo'>, 'lines' | 'marks' | 'phases'>;
export type LogLine = CallResult<'logLines'>[number];
export type LogPhase = LogInfo['phases'][number];

/** Numbers of lines that match, and whether there are more. */
export type FoundLines = CallResult<'logSearch'>;

/** As many lines as stand in a high window: they are read before the log is said to have grown. */
const TAIL_LINES = 120;

/** The engine gives no more lines at once. */
const MOST_AT_ONCE = 2000;

export abstract class LogDocument {
  /** Null until it is known how long the log is. */
  info: LogInfo | null = null;
  error: WireError | null = null;
  /** Whether the end of the log is on screen. */
  showsEnd = false;
  #pages = this.#newPages();
  #version = 0;
  readonly #listeners = new Set<() => void>();

  /** Begins to read. @returns what ends it */
  open(): () => void {
    const closing = new AbortController();
    this.#pages = this.#newPages();
    const stop = useConnection.subscribe(({ state }, before) => {
      if (state === 'connected' && before.state === 'lost') this.retry();
    });
    this.follow(closing.signal);
    return () => {
      stop();
      closing.abort();
      this.#pages.close();
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

  /** The phases that begin in it. */
  get phases(): readonly LogPhase[] {
    return this.info?.phases ?? [];
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
    this.tell();
  }

  /** Reads lines apart from those on screen, for copying and saving. @throws RequestError */
  async *read(first: number, end: number, signal: AbortSignal): AsyncGenerator<readonly LogLine[]> {
    for (let from = first; from < end;) {
      const count = Math.min(MOST_AT_ONCE, end - from);
      const lines = await this.ask(from, count, signal);
      if (lines.length === 0) return;
      yield lines;
      from += lines.length;
    }
  }

  /** The phase that a line belongs to, and the number of its first line. */
  phaseOf(line: number): LogPhase | null {
    return this.info?.phases.findLast((phase) => phase.line <= line) ?? null;
  }

  /** The lines that match, at most `limit`. @throws RequestError */
  abstract search(query: LogQuery, limit: number, signal: AbortSignal): Promise<FoundLines>;

  /** Lines from `from` on, at most `count`. @throws RequestError */
  protected abstract ask(
    from: number,
    count: number,
    signal: AbortSignal,
  ): Promise<readonly LogLine[]>;

  /** Finds out about the log, and what becomes of it, until the signal. */
  protected abstract follow(signal: AbortSignal): void;

  /** Takes how the log is now; where one sees its end, once that has been read. */
  protected async take(info: LogInfo, signal: AbortSignal): Promise<void> {
    this.#pages.total = info.lines;
    if (this.showsEnd || this.info === null) {
      await this.#pages.fetchNow(Math.max(0, info.lines - TAIL_LINES), info.lines);
    }
    if (signal.aborted) return;
    this.info = info;
    this.error = null;
    this.tell();
  }

  protected tell(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }

  #newPages(): LinePages<LogLine> {
    return new LinePages(
      (from, count, signal) => this.ask(from, count, signal),
      () => this.tell(),
      (error) => {
        this.error = errorParts(error);
      },
    );
  }
}
