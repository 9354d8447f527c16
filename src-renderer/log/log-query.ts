/** What is searched for in a log; the engine finds the lines, the window marks the places in those it shows. */
import { searchExpression } from '../../src-main/protocol/search-expression.ts';
import type { Range } from './line-pieces.ts';

export interface LogQuery {
  readonly text: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
}

export const NO_QUERY: LogQuery = { text: '', regex: false, caseSensitive: false };

export type Pattern =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly expression: RegExp }
  /** A person's own, which may take for ever: for a `PlaceFinder` alone. */
  | { readonly kind: 'regex'; readonly expression: RegExp }
  | { readonly kind: 'invalid'; readonly reason: string };

/** More places than this in one line are not marked. */
const MOST_PLACES = 500;

/** What a query looks for; `invalid` where it is no regular expression. */
export function compileQuery(query: LogQuery): Pattern {
  if (query.text === '') return { kind: 'none' };
  try {
    const once = searchExpression(query.text, query);
    const expression = new RegExp(once, `${once.flags}g`);
    return { kind: query.regex ? 'regex' : 'text', expression };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      kind: 'invalid',
      reason: reason.replace(/^Invalid regular expression: \/.*\/\w*: /, ''),
    };
  }
}

/** Whether there is something to look for. */
export function isSearchable({ kind }: Pattern): boolean {
  return kind === 'text' || kind === 'regex';
}

/** The places in a line that match; matches of nothing are left out. With a `regex` it may never come back. */
export function findPlaces(text: string, pattern: Pattern): readonly Range[] {
  if (pattern.kind !== 'text' && pattern.kind !== 'regex') return [];
  const places: Range[] = [];
  for (const match of text.matchAll(pattern.expression)) {
    if (match[0] !== '') places.push({ start: match.index, end: match.index + match[0].length });
    if (places.length >= MOST_PLACES) break;
  }
  return places;
}

/** The index in `lines` (ascending) of the match to go to from `line`; they wrap around. -1 where there is none. */
export function matchFrom(
  lines: readonly number[],
  line: number,
  step: 'next' | 'previous',
): number {
  if (lines.length === 0) return -1;
  if (step === 'next') {
    const at = lines.findIndex((match) => match > line);
    return at < 0 ? 0 : at;
  }
  const at = lines.findLastIndex((match) => match < line);
  return at < 0 ? lines.length - 1 : at;
}
