/**
 * What two logs say differently. What no two builds have in common is passed over: times, process ids, names of working files
 * and the hashes of store paths.
 */
import { diffSequences } from '../protocol/sequence-diff.ts';
import { visibleText } from '../protocol/visible-text.ts';
import { nameOfAnyBuild } from '../trace/lasting-names.ts';
import { anchors } from './line-anchors.ts';

export interface LogPart {
  /** Number of its first line in the log, from 1; where it has none, of the line it would stand before. */
  readonly line: number;
  readonly count: number;
  /** The first of them, as they are seen. */
  readonly texts: readonly string[];
}

/** Lines that stand in the place of others; on one side there may be none. */
export interface LogDifference {
  readonly left: LogPart;
  readonly right: LogPart;
}

/** Lines of a difference that are kept: the rest is counted. */
const MOST_TEXTS = 100;

/** Steps that are spent on lines between anchors: some seconds. What is left then counts as replaced. */
const MOST_STEPS = 10_000_000;
/** Differences looked for between two anchors. */
const MOST_BETWEEN = 1000;

/** In the order of the lines. Time grows little faster than the logs. */
export function compareLogs(
  left: readonly string[],
  right: readonly string[],
): readonly LogDifference[] {
  const numbers = new Map<string, number>();
  const numbered = (lines: readonly string[]): readonly number[] =>
    lines.map((line) => {
      const text = lastingText(line);
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      return number;
    });
  const [onLeft, onRight] = [numbered(left), numbered(right)];
  const regions = new Regions();
  let [fromLeft, fromRight] = [0, 0];
  let steps = MOST_STEPS;
  for (const [atLeft, atRight] of [
    ...anchors(onLeft, onRight),
    [left.length, right.length] as const,
  ]) {
    const [before, after] = [onLeft.slice(fromLeft, atLeft), onRight.slice(fromRight, atRight)];
    if (before.length > 0 || after.length > 0) {
      const most = Math.min(
        MOST_BETWEEN,
        before.length + after.length,
        Math.floor(Math.sqrt(steps)),
      );
      steps -= most * most;
      regions.add(before, after, fromLeft, fromRight, most);
    }
    [fromLeft, fromRight] = [atLeft + 1, atRight + 1];
  }
  const part = (lines: readonly string[], [from, to]: Span): LogPart => ({
    line: from + 1,
    count: to - from,
    texts: lines.slice(from, Math.min(to, from + MOST_TEXTS)).map(visibleText),
  });
  return regions.all.map((region) => ({
    left: part(left, region.left),
    right: part(right, region.right),
  }));
}

/** From a line to the one after the last. */
type Span = readonly [number, number];

/** Where two logs differ; neighbours are joined. */
class Regions {
  readonly all: { left: Span; right: Span }[] = [];

  add(
    before: readonly number[],
    after: readonly number[],
    fromLeft: number,
    fromRight: number,
    most: number,
  ): void {
    let [atLeft, atRight] = [fromLeft, fromRight];
    for (const { kind } of diffSequences(before.map(String), after.map(String), most)) {
      const [nextLeft, nextRight] = [
        atLeft + (kind === 'added' ? 0 : 1),
        atRight + (kind === 'removed' ? 0 : 1),
      ];
      if (kind !== 'same') this.#extend([atLeft, nextLeft], [atRight, nextRight]);
      [atLeft, atRight] = [nextLeft, nextRight];
    }
  }

  #extend(left: Span, right: Span): void {
    const last = this.all.at(-1);
    if (last?.left[1] === left[0] && last.right[1] === right[0]) {
      last.left = [last.left[0], left[1]];
      last.right = [last.right[0], right[1]];
    } else {
      this.all.push({ left, right });
    }
  }
}

/** Dates, times of day, durations and process ids, as tools print them. */
const PASSING = [
  /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?/g,
  /\b\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\b/g,
  /\b\d+(?:\.\d+)? ?(?:ms|s|sec|secs|seconds?|minutes?)\b/g,
  /(?<=\bpid[ =:])\d+/gi,
];

function lastingText(line: string): string {
  let text = nameOfAnyBuild(visibleText(line));
  if (!/\d/.test(text)) return text;
  for (const pattern of PASSING) text = text.replace(pattern, '…');
  return text;
}
