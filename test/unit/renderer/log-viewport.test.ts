// Bringing a line into view where rows are of unknown heights until they are drawn.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogViewport } from '../../../src-renderer/log/log-viewport.ts';

const USUAL = 20;
const VIEW = 300;

/** As much of an element as the viewport asks of one; scrolling is told by the event that the browser would send. */
class Scroller {
  scrollTop = 0;
  clientHeight = VIEW;
  /** What the viewport observes the size by. */
  static onResize: () => void = () => undefined;
  #listener: (() => void) | null = null;

  addEventListener(_event: string, listener: () => void): void {
    this.#listener = listener;
  }

  removeEventListener(): void {
    this.#listener = null;
  }

  scrollByHand(pixels: number): void {
    this.scrollTop += pixels;
    this.#listener?.();
  }

  /** A browser moves what would show more than there is, and says so before it tells the new size. */
  grow(height: number, most: number): void {
    this.clientHeight = height;
    this.scrollTop = Math.min(this.scrollTop, most - height);
    this.#listener?.();
    Scroller.onResize();
  }
}

function logOf(lines: number, heightOf: (row: number) => number) {
  const scroller = new Scroller();
  const viewport = new LogViewport(USUAL, false, () => false);
  viewport.attach(scroller as never, { style: {} } as never);
  viewport.setCount(lines);
  return {
    viewport,
    scroller,
    /** What React does: draws the window, measures its rows, and again while that asks for other rows. */
    draw(): number {
      for (let times = 1; times <= 20; times += 1) {
        const drawn = viewport.window();
        viewport.measure(rowsOf(drawn, heightOf));
        if (viewport.window() === drawn) return times;
      }
      throw new Error('the window does not come to rest');
    },
    /** Pixels from the top of the view to the top of a row that is drawn. */
    placeOf(row: number): number {
      const { first, end, top } = viewport.window();
      expect(row).toBeGreaterThanOrEqual(first);
      expect(row).toBeLessThan(end);
      let place = top - scroller.scrollTop;
      for (let above = first; above < row; above += 1) place += heightOf(above);
      return place;
    },
  };
}

function* rowsOf(
  { first, end }: { readonly first: number; readonly end: number },
  heightOf: (row: number) => number,
): Generator<readonly [number, number]> {
  for (let row = first; row < end; row += 1) yield [row, heightOf(row)];
}

/** Every third line is wrapped, some into many rows. */
const wrapped = (row: number) => (row % 3 === 0 ? USUAL * (2 + (row % 7)) : USUAL);

describe('bringing a line into view', () => {
  beforeEach(() => {
    vi.stubGlobal(
      'ResizeObserver',
      class {
        readonly observe = vi.fn();
        readonly disconnect = vi.fn();
        constructor(tell: () => void) {
          Scroller.onResize = tell;
        }
      },
    );
    vi.stubGlobal('window', { setTimeout, clearTimeout });
  });
  afterEach(() => void vi.unstubAllGlobals());

  it.each([
    ['1,150', 1_150, [0, 7, 600, 1_103, 1_149]],
    // Higher than what a browser can scroll: positions and scrollTop are no longer the same.
    ['1,000,000', 1_000_000, [3, 60_000, 500_001, 980_000, 999_999]],
  ])('has it in view at once in a log of %s lines that wrap', (_, lines, targets) => {
    const log = logOf(lines, wrapped);
    log.draw();
    for (const line of targets) {
      log.viewport.reveal(line);
      log.draw();
      const place = log.placeOf(line);
      expect(place, `line ${line}`).toBeGreaterThanOrEqual(0);
      expect(place + wrapped(line), `line ${line}`).toBeLessThanOrEqual(VIEW);
    }
  });

  it('shows a line that is higher than the view from its beginning', () => {
    const log = logOf(1_000, (row) => (row === 500 ? 4 * VIEW : wrapped(row)));
    log.draw();
    log.viewport.reveal(500);
    log.draw();
    expect(log.placeOf(500)).toBe(0);
  });

  it('keeps it there when lines begin to wrap, and lets go of it when one scrolls', () => {
    const log = logOf(1_000, wrapped);
    log.viewport.reveal(700);
    log.viewport.resetHeights(USUAL);
    log.draw();
    expect(log.placeOf(700)).toBeCloseTo((VIEW - USUAL) / 2, 0);

    log.scroller.scrollByHand(90);
    log.draw();
    const { firstSeen } = log.viewport.window();
    expect(firstSeen).toBeLessThan(700);
    const topmost = log.placeOf(firstSeen);
    log.viewport.measure([[firstSeen + 1, 500]]);
    expect(log.placeOf(firstSeen)).toBeCloseTo(topmost, 0);
  });

  it('keeps it in view when the view grows at the end of the log', () => {
    const log = logOf(1_000, () => USUAL);
    log.viewport.reveal(990);
    log.draw();
    const wraps = (row: number) => (row === 980 ? 30 * USUAL : USUAL);
    log.scroller.grow(2 * VIEW, 1_000 * USUAL);
    log.viewport.measure([[980, wraps(980)]]);
    const { top, first } = log.viewport.window();
    let place = top - log.scroller.scrollTop;
    for (let above = first; above < 990; above += 1) place += wraps(above);
    expect(place).toBeGreaterThanOrEqual(0);
    expect(place + USUAL).toBeLessThanOrEqual(2 * VIEW);
  });

  it('goes back to the beginning by hand', () => {
    const log = logOf(1_000_000, wrapped);
    log.viewport.reveal(998_777);
    log.draw();
    log.scroller.scrollByHand(-log.scroller.scrollTop);
    log.draw();
    expect(log.scroller.scrollTop).toBe(0);
    expect(log.viewport.window().firstSeen).toBe(0);
    expect(log.placeOf(0)).toBe(0);
  });
});
