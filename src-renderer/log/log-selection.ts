/**
 * What of the log is selected, by line and place. A browser's selection reaches as far as the rows that are drawn; kept by line,
 * it reaches over thousands that are not.
 */

export interface LogPlace {
  readonly line: number;
  /** UTF-16 units into the text that is shown. */
  readonly offset: number;
}

export interface LogSelection {
  /** Where it was begun and where it goes to, in whichever order. */
  readonly anchor: LogPlace;
  readonly focus: LogPlace;
}

/** The browser's selection, if it lies in `within` and is more than a place. */
export function readSelection(within: HTMLElement): LogSelection | null {
  const selection = document.getSelection();
  if (selection === null || selection.isCollapsed) return null;
  const anchor = placeOf(within, selection.anchorNode, selection.anchorOffset);
  const focus = placeOf(within, selection.focusNode, selection.focusOffset);
  return anchor === null || focus === null ? null : { anchor, focus };
}

/** The two ends, the upper first. */
export function ordered({ anchor, focus }: LogSelection): readonly [LogPlace, LogPlace] {
  const isForward =
    anchor.line < focus.line || (anchor.line === focus.line && anchor.offset <= focus.offset);
  return isForward ? [anchor, focus] : [focus, anchor];
}

/** The part of a line's text that a selection covers. */
export function selectedPart(
  text: string,
  line: number,
  [start, end]: readonly [LogPlace, LogPlace],
): string {
  const from = line === start.line ? start.offset : 0;
  return line === end.line ? text.slice(from, end.offset) : text.slice(from);
}

function placeOf(within: HTMLElement, node: Node | null, offset: number): LogPlace | null {
  if (node === null || !within.contains(node)) return null;
  const element = node instanceof Element ? node : node.parentElement;
  const row = element?.closest<HTMLElement>('[data-line]');
  if (row === null || row === undefined) return null;
  const text = row.querySelector('.log-text');
  if (text === null) return null;
  const line = Number(row.dataset['line']);
  const range = document.createRange();
  range.selectNodeContents(text);
  // Beside the text: before it is its beginning.
  if (range.comparePoint(node, offset) < 0) return { line, offset: 0 };
  if (range.comparePoint(node, offset) === 0) range.setEnd(node, offset);
  return { line, offset: range.toString().length };
}
