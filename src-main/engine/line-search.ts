/** Which lines of a log match: that of a phase, of a run, or of a builder of Nix's. */
import { visibleText } from '../protocol/visible-text.ts';
import { LineMatcher, type Pattern } from './line-matcher.ts';

export interface LineQuery extends Pattern {
  /** Lines to find at most. */
  readonly limit: number;
}

/** Lines that follow each other. */
export interface LineBlock {
  /** The number of the first of them in the whole log. */
  readonly from: number;
  readonly texts: readonly string[];
}

export interface FoundLines {
  /** Ascending. */
  readonly lines: number[];
  /** There are more than these. */
  readonly more: boolean;
}

/**
 * Searches what is seen of the lines. No more blocks are read than are needed, all within the budget of a {@link LineMatcher}.
 *
 * @throws StrataError `usage` for what is no regular expression, or one that takes too long.
 */
export async function searchLines(
  blocks: AsyncIterable<LineBlock>,
  { limit, ...pattern }: LineQuery,
  signal: AbortSignal,
): Promise<FoundLines> {
  const matcher = new LineMatcher(pattern);
  try {
    const lines: number[] = [];
    for await (const { from, texts } of blocks) {
      for (const at of await matcher.match(texts.map(visibleText), signal)) {
        if (lines.length >= limit) return { lines, more: true };
        lines.push(from + at);
      }
    }
    return { lines, more: false };
  } finally {
    await matcher.close();
  }
}
