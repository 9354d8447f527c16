/**
 * The lines of a log that have been read: pages of a fixed number of lines, fetched as they come into view, the least recently
 * used dropped. It lives outside of the store, since a log that streams by changes it many times a second.
 */

/** Gives lines from `from` on; fewer than `count` only at the end of the log. */
export type FetchLines<Line> = (
  from: number,
  count: number,
  signal: AbortSignal,
) => Promise<readonly Line[]>;

export const PAGE_LINES = 500;

/** 32,000 lines. */
const MOST_PAGES = 64;

interface Page<Line> {
  lines: readonly Line[];
  /** How many of them will not change: the last line of a log may still be going on. */
  sure: number;
  /** Null while nothing is under way. */
  fetching: AbortController | null;
  /** Resolves when the last request has ended. */
  loading: Promise<void>;
  /** Reading failed, or gave nothing: not to be tried again by itself. */
  failed: boolean;
}

export class LinePages<Line> {
  readonly #fetch: FetchLines<Line>;
  readonly #changed: () => void;
  readonly #failed: (error: unknown) => void;
  /** By number; the order of insertion is that of use. */
  readonly #pages = new Map<number, Page<Line>>();
  #total = 0;
  /** Pages that are read whatever is on screen. */
  #reserved: readonly [first: number, last: number] = [0, -1];
  #closed = false;

  /**
   * @param changed called after lines have come
   * @param failed called when lines cannot be read; they are asked for again when they are wanted again after {@link retry}
   */
  constructor(fetch: FetchLines<Line>, changed: () => void, failed: (error: unknown) => void) {
    this.#fetch = fetch;
    this.#changed = changed;
    this.#failed = failed;
  }

  /** How many lines the log has now. */
  set total(lines: number) {
    if (lines !== this.#total) this.retry();
    this.#total = lines;
  }

  /** A line that has been read. */
  get(line: number): Line | undefined {
    return this.#pages.get(Math.floor(line / PAGE_LINES))?.lines[line % PAGE_LINES];
  }

  /** Sees to it that the lines from `first` up to `end` come; requests for other lines are given up. */
  want(first: number, end: number): void {
    if (this.#closed) return;
    const [firstPage, lastPage] = this.#numbers(first, end);
    const [firstReserved, lastReserved] = this.#reserved;
    for (const [number, page] of this.#pages) {
      const isReserved = number >= firstReserved && number <= lastReserved;
      const isSeen = number >= firstPage && number <= lastPage;
      if (!isReserved && !isSeen && page.fetching !== null) {
        page.fetching.abort();
        page.fetching = null;
        if (page.lines.length === 0) this.#pages.delete(number);
      }
    }
    for (let number = firstPage; number <= lastPage; number += 1) this.#use(number);
  }

  /** Reads the lines from `first` up to `end` whatever is on screen; resolves when they are there or cannot be read. */
  async fetchNow(first: number, end: number): Promise<void> {
    if (this.#closed) return;
    const numbers = this.#numbers(first, end);
    this.#reserved = numbers;
    for (let number = numbers[0]; number <= numbers[1]; number += 1) this.#use(number);
    const loads: Promise<void>[] = [];
    for (const [number, { loading }] of this.#pages) {
      if (number >= numbers[0] && number <= numbers[1]) loads.push(loading);
    }
    await Promise.all(loads);
  }

  #numbers(first: number, end: number): readonly [first: number, last: number] {
    return [
      Math.max(0, Math.floor(first / PAGE_LINES)),
      Math.floor((Math.min(end, this.#total) - 1) / PAGE_LINES),
    ];
  }

  /** Forgets that reading has failed. */
  retry(): void {
    for (const page of this.#pages.values()) page.failed = false;
  }

  /** Gives up what is under way; nothing is called any more. */
  close(): void {
    this.#closed = true;
    for (const page of this.#pages.values()) page.fetching?.abort();
    this.#pages.clear();
  }

  #use(number: number): void {
    const page = this.#pages.get(number) ?? newPage<Line>();
    this.#pages.delete(number);
    this.#pages.set(number, page);
    if (page.fetching === null && !page.failed && this.#isWanting(number, page)) {
      page.loading = this.#load(number, page);
    }
    for (const [oldest, { fetching }] of this.#pages) {
      if (this.#pages.size <= MOST_PAGES) break;
      fetching?.abort();
      this.#pages.delete(oldest);
    }
  }

  #isWanting(number: number, page: Page<Line>): boolean {
    const from = number * PAGE_LINES;
    return (
      page.lines.length < Math.min(PAGE_LINES, this.#total - from) ||
      page.sure < Math.min(PAGE_LINES, this.#total - 1 - from)
    );
  }

  async #load(number: number, page: Page<Line>): Promise<void> {
    const abort = new AbortController();
    page.fetching = abort;
    const start = number * PAGE_LINES;
    const total = this.#total;
    const keep = page.sure;
    try {
      const count = Math.min(PAGE_LINES, total - start) - keep;
      const more = await this.#fetch(start + keep, count, abort.signal);
      if (abort.signal.aborted) return;
      page.lines = [...page.lines.slice(0, keep), ...more];
      page.sure = Math.max(keep, Math.min(page.lines.length, total - 1 - start));
      page.failed = more.length === 0;
    } catch (error) {
      if (abort.signal.aborted) return;
      page.failed = true;
      this.#failed(error);
    }
    page.fetching = null;
    this.#changed();
  }
}

function newPage<Line>(): Page<Line> {
  return { lines: [], sure: 0, fetching: null, loading: Promise.resolve(), failed: false };
}
