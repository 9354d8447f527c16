/**
 * What part of a log is on screen: joins the browser's scrolling, the space that is too high for it, the rows' heights and
 * following the end. It lives outside of React; what React draws is the {@link LogWindow}, which changes only when other rows
 * are to be drawn.
 */
import { RowHeights } from './row-heights.ts';
import * as space from './scroll-space.ts';

/** The rows to draw, from `first` up to `end`. */
export interface LogWindow {
  readonly first: number;
  readonly end: number;
  /** Where the first of them is, in pixels from the top of the scrolled element. */
  readonly top: number;
  /** The rows that one sees. */
  readonly firstSeen: number;
  readonly endSeen: number;
}

interface Anchor {
  readonly row: number;
  /** Pixels from the top of the view to the top of the row; negative where the row begins above it. */
  readonly below: number;
  readonly height: number;
}

/** Rows beyond those one sees, so that scrolling by a little finds them drawn. */
const OVERSCAN = 16;

/** Windows begin and end at multiples of this: scrolling draws anew once for as many rows. */
const STEP = 8;

const SETTLE_MS = 200;

export class LogViewport {
  /** Whether the end of the log stays on screen when it grows. */
  following: boolean;
  #heights: RowHeights;
  #space = space.EMPTY_SPACE;
  #scroller: HTMLElement | null = null;
  #spacer: HTMLElement | null = null;
  #window: LogWindow = { first: 0, end: 0, top: 0, firstSeen: 0, endSeen: 0 };
  #settling = 0;
  /**
   * The line that was brought into view, until one scrolls by hand. Rows are measured only once they are drawn, and those around
   * it may turn out to be many times as high as was thought: it is this line that then stays where it is.
   */
  #revealed: number | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #isLive: () => boolean;

  /** @param isLive whether the log still grows: then reaching its end by hand is following it */
  constructor(rowHeight: number, following: boolean, isLive: () => boolean) {
    this.#heights = new RowHeights(rowHeight);
    this.following = following;
    this.#isLive = isLive;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly window = (): LogWindow => this.#window;

  readonly isFollowing = (): boolean => this.following;

  /** @returns what lets go of the elements */
  attach(scroller: HTMLElement, spacer: HTMLElement): () => void {
    this.#scroller = scroller;
    this.#spacer = spacer;
    const onScroll = () => this.#onScroll();
    const observer = new ResizeObserver(() => this.#onResize());
    scroller.addEventListener('scroll', onScroll, { passive: true });
    observer.observe(scroller);
    this.#onResize();
    return () => {
      scroller.removeEventListener('scroll', onScroll);
      observer.disconnect();
      clearTimeout(this.#settling);
      this.#scroller = null;
      this.#spacer = null;
    };
  }

  setCount(rows: number): void {
    if (rows === this.#heights.count) return;
    this.#heights.count = rows;
    this.#adapt();
  }

  /** All rows count as `rowHeight` high until they are measured; the anchor stays. */
  resetHeights(rowHeight: number): void {
    const anchor = this.#anchor();
    const count = this.#heights.count;
    this.#heights = new RowHeights(rowHeight);
    this.#heights.count = count;
    this.#space = space.resized(this.#space, this.#heights.total, this.#space.view);
    this.#moveTo(this.#positionFor(anchor));
    this.#adapt();
  }

  /** Takes the heights that rows turned out to have, so that nothing on screen moves. */
  measure(rows: Iterable<readonly [row: number, height: number]>): void {
    const anchor = this.#anchor();
    let changed = false;
    for (const [row, height] of rows) {
      if (this.#heights.measure(row, height) !== 0) changed = true;
    }
    if (!changed) return;
    const before = space.position(this.#space);
    this.#space = space.resized(this.#space, this.#heights.total, this.#space.view);
    const move = this.#positionFor(anchor) - before;
    if (Math.abs(move) >= 0.5) {
      const { total } = this.#space;
      if (total <= space.HIGHEST) this.#moveTo(before + move);
      else this.#space = { ...this.#space, shift: this.#space.shift + move };
    }
    this.#adapt();
  }

  /** Follows the end from now on. */
  follow(): void {
    this.following = true;
    this.#revealed = null;
    this.#adapt();
    this.#tell();
  }

  /** Brings a line to the middle of the view, unless it is well inside it. */
  reveal(line: number): void {
    this.following = false;
    this.#revealed = line;
    this.#bringIn(line);
    this.#update();
    this.#tell();
  }

  scrollToStart(): void {
    this.following = false;
    this.#revealed = null;
    this.#moveTo(0);
    this.#update();
    this.#tell();
  }

  #onScroll(): void {
    const scroller = this.#scroller;
    if (scroller === null || scroller.scrollTop === this.#space.scrollTop) return;
    // A view that grows near the end is moved by the browser, before anybody hears of its size: no hand has scrolled.
    if (scroller.clientHeight !== this.#space.view) return;
    this.#revealed = null;
    const before = space.position(this.#space);
    this.#space = space.scrolled(this.#space, scroller.scrollTop);
    const upwards = space.position(this.#space) < before - 1;
    const following = upwards
      ? false
      : this.following || (this.#isLive() && space.isAtEnd(this.#space));
    if (following !== this.following) {
      this.following = following;
      this.#tell();
    }
    this.#settleSoon();
    this.#update();
  }

  #onResize(): void {
    const scroller = this.#scroller;
    if (scroller === null) return;
    this.#space = space.resized(this.#space, this.#heights.total, scroller.clientHeight);
    if (this.#revealed !== null) this.#bringIn(this.#revealed);
    this.#adapt();
  }

  /** After the rows or their heights have changed. */
  #adapt(): void {
    this.#space = space.resized(this.#space, this.#heights.total, this.#space.view);
    if (this.#spacer !== null) {
      this.#spacer.style.blockSize = `${space.elementHeight(this.#space)}px`;
    }
    if (this.following) this.#moveTo(Infinity);
    else this.#apply();
    this.#update();
  }

  #moveTo(position: number): void {
    this.#space = space.scrolledTo(this.#space, position);
    this.#apply();
  }

  /** Has the browser scroll to where the space is. It may round: the space then takes its number, and stays where it is. */
  #apply(): void {
    const scroller = this.#scroller;
    if (scroller === null) return;
    if (this.#spacer !== null) {
      this.#spacer.style.blockSize = `${space.elementHeight(this.#space)}px`;
    }
    if (scroller.scrollTop !== this.#space.scrollTop) scroller.scrollTop = this.#space.scrollTop;
    const { scrollTop } = scroller;
    if (scrollTop === this.#space.scrollTop) return;
    const isScaled = this.#space.total > space.HIGHEST;
    const shift = isScaled ? this.#space.shift + this.#space.scrollTop - scrollTop : 0;
    this.#space = { ...this.#space, scrollTop, shift };
  }

  #settleSoon(): void {
    clearTimeout(this.#settling);
    if (this.#space.total <= space.HIGHEST) return;
    this.#settling = window.setTimeout(() => {
      this.#space = space.settled(this.#space);
      this.#apply();
      this.#update();
    }, SETTLE_MS);
  }

  #bringIn(line: number): void {
    const top = this.#heights.top(line);
    const height = this.#heights.height(line);
    const { view } = this.#space;
    const from = space.position(this.#space);
    const isInside = top >= from + height && top + 2 * height <= from + view;
    if (!isInside) this.#moveTo(top - Math.max(0, (view - height) / 2));
  }

  /** The row that stays where it is when heights change: the one revealed, else the topmost. */
  #anchor(): Anchor {
    const from = space.position(this.#space);
    const row = this.#revealed ?? this.#heights.rowAt(from);
    return { row, below: this.#heights.top(row) - from, height: this.#heights.height(row) };
  }

  /** The position at which the anchor is as far down the view as it was. */
  #positionFor({ row, below, height: before }: Anchor): number {
    const top = this.#heights.top(row);
    const height = this.#heights.height(row);
    // Of the topmost, a part is above the view: no more of it than there is now.
    if (below < 0) return top + Math.min(-below, height);
    // One that has grown is to be seen whole, as far as it fits.
    const lowest = height === before ? below : Math.max(0, this.#space.view - height);
    return top - Math.min(below, lowest);
  }

  #update(): void {
    const count = this.#heights.count;
    const from = space.position(this.#space);
    const firstSeen = count === 0 ? 0 : this.#heights.rowAt(from);
    const endSeen = count === 0 ? 0 : this.#heights.rowAt(from + this.#space.view) + 1;
    const first = Math.max(0, Math.floor((firstSeen - OVERSCAN) / STEP) * STEP);
    const end = Math.min(count, Math.ceil((endSeen + OVERSCAN) / STEP) * STEP);
    const top = this.#heights.top(first) - (from - this.#space.scrollTop);
    const before = this.#window;
    if (first === before.first && end === before.end && Math.abs(top - before.top) < 0.01) {
      // Nothing is drawn anew for this; whoever asks for it gets what it is now.
      this.#window = Object.assign(before, { firstSeen, endSeen });
      return;
    }
    this.#window = { first, end, top, firstSeen, endSeen };
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
