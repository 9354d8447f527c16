/**
 * A scrolled space that may be higher than the highest element a browser makes: Chromium stops at 33,554,431 px, Firefox at
 * 17,895,698 px. A *position* is a distance in the whole space; `scrollTop` is what the browser scrolls, in an element of at
 * most {@link HIGHEST} pixels. Where the space fits, the two are the same.
 *
 * Otherwise small movements (the wheel, the keys) go pixel by pixel, with `shift` the constant difference between the two, and
 * large ones (the thumb dragged, End) go to the place that `scrollTop` stands for. Small movements let the two drift apart; at
 * rest {@link settled} moves `scrollTop` to where it belongs, which changes nothing on screen. Near both ends a stretch stands for
 * itself pixel by pixel, so that the ends of one are the ends of the other.
 */

export const HIGHEST = 10_000_000;

/** At each end, where `scrollTop` and position have the same distance to that end. */
const EXACT = 1_000_000;

export interface ScrollSpace {
  /** Pixels of all that can be scrolled through. */
  readonly total: number;
  /** Pixels one sees at once. */
  readonly view: number;
  readonly scrollTop: number;
  /** Position minus `scrollTop`. */
  readonly shift: number;
}

export const EMPTY_SPACE: ScrollSpace = { total: 0, view: 0, scrollTop: 0, shift: 0 };

/** The height of the element that the browser scrolls. */
export function elementHeight({ total }: ScrollSpace): number {
  return Math.min(total, HIGHEST);
}

/** The distance from the top of the space to the top of what one sees. */
export function position(space: ScrollSpace): number {
  return clamp(space.scrollTop + space.shift, 0, lastPosition(space));
}

export function isAtEnd(space: ScrollSpace): boolean {
  return position(space) >= lastPosition(space) - 2;
}

/** After the browser scrolled to `scrollTop`. */
export function scrolled(space: ScrollSpace, scrollTop: number): ScrollSpace {
  const moved = { ...space, scrollTop };
  const isSmall = Math.abs(scrollTop - space.scrollTop) <= space.view * 2;
  const isInside = scrollTop > 0 && scrollTop < lastScrollTop(space);
  if (isSmall && isInside) return moved;
  return { ...moved, shift: positionOf(moved, scrollTop) - scrollTop };
}

/** The space scrolled to a position, `scrollTop` where it belongs. */
export function scrolledTo(space: ScrollSpace, wanted: number): ScrollSpace {
  const target = clamp(wanted, 0, lastPosition(space));
  const scrollTop = scrollTopOf(space, target);
  return { ...space, scrollTop, shift: target - scrollTop };
}

/** The same position, with `scrollTop` where it belongs. */
export function settled(space: ScrollSpace): ScrollSpace {
  return scrolledTo(space, position(space));
}

/** The same position in a space that has grown, shrunk or been measured anew. */
export function resized(space: ScrollSpace, total: number, view: number): ScrollSpace {
  if (total === space.total && view === space.view) return space;
  const before = space.scrollTop + space.shift;
  const next = { ...space, total, view };
  const fits = total <= HIGHEST;
  const isPlace = before <= lastPosition(next);
  // As long as the place can stay what it is, nothing moves under the reader's hand.
  if (isPlace && (fits ? space.shift === 0 : space.scrollTop <= lastScrollTop(next))) return next;
  return scrolledTo(next, before);
}

function lastPosition({ total, view }: ScrollSpace): number {
  return Math.max(0, total - view);
}

function lastScrollTop(space: ScrollSpace): number {
  return Math.max(0, elementHeight(space) - space.view);
}

function positionOf(space: ScrollSpace, scrollTop: number): number {
  const lastTop = lastScrollTop(space);
  const last = lastPosition(space);
  if (last === lastTop || scrollTop <= EXACT) return scrollTop;
  if (scrollTop >= lastTop - EXACT) return last - (lastTop - scrollTop);
  return EXACT + ((scrollTop - EXACT) * (last - 2 * EXACT)) / (lastTop - 2 * EXACT);
}

function scrollTopOf(space: ScrollSpace, target: number): number {
  const lastTop = lastScrollTop(space);
  const last = lastPosition(space);
  if (last === lastTop || target <= EXACT) return target;
  if (target >= last - EXACT) return lastTop - (last - target);
  return EXACT + ((target - EXACT) * (lastTop - 2 * EXACT)) / (last - 2 * EXACT);
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
