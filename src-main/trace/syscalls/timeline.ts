/**
 * How much happened when, in a bounded number of buckets: they begin narrow, and where a trace lasts longer than they reach,
 * each two become one. Times may come in any order.
 */
import type { Timeline, TimelineBucket } from './model.ts';

const MOST_BUCKETS = 512;

/** Milliseconds. */
const FIRST_WIDTH = 1;

export type TimelineCount = Exclude<keyof TimelineBucket, 'at'>;

type Counts = Record<TimelineCount, number>;

export class TimelineCounter {
  #width = FIRST_WIDTH;
  #buckets = new Map<number, Counts>();
  #first = Infinity;
  #last = -Infinity;
  #current = NaN;
  #counts: Counts = noCounts();

  /** @param at milliseconds; what has no time (NaN) is not counted */
  count(at: number, what: TimelineCount): void {
    const place = Math.floor(at / this.#width);
    if (place !== this.#current) {
      if (!Number.isFinite(place)) return;
      this.#goTo(place, at);
    }
    this.#counts[what] += 1;
  }

  get timeline(): Timeline {
    const places = [...this.#buckets].sort(([a], [b]) => a - b);
    return {
      width: this.#width,
      buckets: places.map(([place, counts]) => ({ at: place * this.#width, ...counts })),
    };
  }

  #goTo(place: number, at: number): void {
    this.#first = Math.min(this.#first, place);
    this.#last = Math.max(this.#last, place);
    while (this.#last - this.#first >= MOST_BUCKETS) this.#widen();
    this.#current = Math.floor(at / this.#width);
    const there = this.#buckets.get(this.#current);
    this.#counts = there ?? noCounts();
    if (there === undefined) this.#buckets.set(this.#current, this.#counts);
  }

  #widen(): void {
    const narrow = this.#buckets;
    this.#width *= 2;
    this.#first = Math.floor(this.#first / 2);
    this.#last = Math.floor(this.#last / 2);
    this.#buckets = new Map();
    for (const [place, counts] of narrow) {
      const wide = Math.floor(place / 2);
      const sum = this.#buckets.get(wide);
      if (sum === undefined) this.#buckets.set(wide, counts);
      else for (const what of COUNTS) sum[what] += counts[what];
    }
  }
}

const COUNTS = ['found', 'missing', 'refused', 'connections'] as const;

function noCounts(): Counts {
  return { found: 0, missing: 0, refused: 0, connections: 0 };
}
