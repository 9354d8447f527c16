/** Times of day as milliseconds since the midnight before the first of them. */

const DAY = 86_400_000;

export class TimeOfDay {
  #days = 0;
  #last = NaN;

  /** @param ms since midnight; where it falls by most of a day, a midnight has passed */
  read(ms: number): number {
    if (this.#last - ms > DAY / 2) this.#days += 1;
    this.#last = ms;
    return ms + this.#days * DAY;
  }
}
