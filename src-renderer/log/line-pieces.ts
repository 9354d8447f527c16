/** A line cut into the pieces that are drawn alike: its styles, its links and what the search found, laid over each other. */
import { PLAIN, type Style, type StyledText } from './ansi.ts';
import type { FileLink } from './file-links.ts';

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface LinePiece {
  readonly text: string;
  readonly style: Style;
  readonly link: FileLink | null;
  readonly found: boolean;
}

/** The pieces of a line; joined they are its text. Each of the three lists is in order and free of overlaps. */
export function linePieces(
  { text, spans }: StyledText,
  links: readonly FileLink[],
  found: readonly Range[],
): readonly LinePiece[] {
  const cuts = new Set<number>([0, text.length]);
  for (const list of [spans, links, found]) {
    for (const { start, end } of list) cuts.add(start).add(end);
  }
  const edges = [...cuts].filter((cut) => cut <= text.length).sort((one, other) => one - other);
  const styleAt = cursor(spans);
  const linkAt = cursor(links);
  const foundAt = cursor(found);
  const pieces: LinePiece[] = [];
  for (let at = 0; at + 1 < edges.length; at += 1) {
    const start = edges[at] ?? 0;
    pieces.push({
      text: text.slice(start, edges[at + 1]),
      style: styleAt(start)?.style ?? PLAIN,
      link: linkAt(start) ?? null,
      found: foundAt(start) !== undefined,
    });
  }
  return pieces;
}

/** Gives the range at a place; places are asked for in ascending order. */
function cursor<T extends Range>(ranges: readonly T[]): (place: number) => T | undefined {
  let at = 0;
  return (place) => {
    while (at < ranges.length && (ranges[at]?.end ?? 0) <= place) at += 1;
    const range = ranges[at];
    return range !== undefined && range.start <= place ? range : undefined;
  };
}
