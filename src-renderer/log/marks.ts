/** The marks beside the scroll bar: thousands of lines on a strip of a few hundred pixels. */

export type MarkKind = 'error' | 'warning' | 'match';

export interface Mark {
  /** From 0. */
  readonly line: number;
  readonly kind: MarkKind;
}

export interface StripMark {
  /** The place on the strip, from 0 to `places - 1`. */
  readonly place: number;
  readonly kind: MarkKind;
  /** The first line that the mark stands for. */
  readonly line: number;
}

/** One mark per kind for each place of the strip that has any, in the order of places. */
export function placeMarks(
  marks: readonly Mark[],
  lines: number,
  places: number,
): readonly StripMark[] {
  if (lines <= 0 || places <= 0) return [];
  const placed = new Map<string, StripMark>();
  for (const { line, kind } of marks) {
    const place = Math.min(places - 1, Math.floor((line / lines) * places));
    const key = `${place} ${kind}`;
    const before = placed.get(key);
    if (before === undefined || line < before.line) placed.set(key, { place, kind, line });
  }
  return [...placed.values()].sort((one, other) => one.place - other.place);
}

/** The line of the first error; null where there is none. */
export function firstError(
  marks: readonly { readonly line: number; readonly kind: string }[],
): number | null {
  let first: number | null = null;
  for (const { line, kind } of marks) {
    if (kind === 'error' && (first === null || line < first)) first = line;
  }
  return first;
}
