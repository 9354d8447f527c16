/**
 * Lines that hold two texts together: those that are in each of them once and in the same order, as in patience diff, and what
 * both begin and end with. Between them little is left to compare.
 */

/** A line of the left text and the same line of the right. */
export type Anchor = readonly [number, number];

/** In their order. @param left lines as numbers: equal lines have the same one */
export function anchors(left: readonly number[], right: readonly number[]): readonly Anchor[] {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let end = 0;
  const longest = Math.min(left.length, right.length) - start;
  while (end < longest && left[left.length - 1 - end] === right[right.length - 1 - end]) end += 1;
  const head = Array.from({ length: start }, (_, at): Anchor => [at, at]);
  const tail = Array.from({ length: end }, (_, at): Anchor => [
    left.length - end + at,
    right.length - end + at,
  ]);
  const middle = rising(inBothOnce([left, right], start, [left.length - end, right.length - end]));
  return [...head, ...middle, ...tail];
}

function inBothOnce(
  [left, right]: readonly [readonly number[], readonly number[]],
  from: number,
  [leftEnd, rightEnd]: Anchor,
): readonly Anchor[] {
  const onRight = placesOfSingles(right, from, rightEnd);
  const found: Anchor[] = [];
  for (const [line, at] of placesOfSingles(left, from, leftEnd)) {
    const place = onRight.get(line) ?? null;
    if (at !== null && place !== null) found.push([at, place]);
  }
  return found;
}

/** Where each line is; null for those that are there several times. */
function placesOfSingles(
  lines: readonly number[],
  from: number,
  to: number,
): ReadonlyMap<number, number | null> {
  const places = new Map<number, number | null>();
  for (let at = from; at < to; at += 1) {
    const line = lines[at] ?? 0;
    places.set(line, places.has(line) ? null : at);
  }
  return places;
}

/** The longest part of a list in which the right side rises as well (patience sorting). @param all by their left side */
function rising(all: readonly Anchor[]): readonly Anchor[] {
  // ends[n]: which anchor ends the best part of n + 1; before[n]: which one comes before anchor n.
  const ends: number[] = [];
  const before: number[] = [];
  const rightOf = (at: number | undefined): number => all[at ?? -1]?.[1] ?? -1;
  for (const at of all.keys()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rightOf(ends[middle]) < rightOf(at)) low = middle + 1;
      else high = middle;
    }
    before.push(ends[low - 1] ?? -1);
    ends[low] = at;
  }
  const found: Anchor[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) {
    const anchor = all[at];
    if (anchor !== undefined) found.push(anchor);
  }
  return found.reverse();
}
