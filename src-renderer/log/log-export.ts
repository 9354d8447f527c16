/** The log as text: on the clipboard, and as a file. */
import { parseAnsi } from './ansi.ts';
import type { LogDocument } from './log-document.ts';
import { ordered, selectedPart, type LogSelection } from './log-selection.ts';

/** A selection's text if all its lines have been read; else null. */
export function textAtHand(document: LogDocument, selection: LogSelection): string | null {
  const ends = ordered(selection);
  const [start, end] = ends;
  const parts: string[] = [];
  for (let line = start.line; line <= end.line; line += 1) {
    const text = document.line(line)?.text;
    if (text === undefined) return null;
    parts.push(selectedPart(parseAnsi(text).text, line, ends));
  }
  return parts.join('\n');
}

/** A selection's text, read from the engine. @throws RequestError */
export async function readText(
  document: LogDocument,
  selection: LogSelection,
  signal: AbortSignal,
): Promise<string> {
  const ends = ordered(selection);
  const [start, end] = ends;
  const parts: string[] = [];
  let line = start.line;
  for await (const lines of document.read(start.line, end.line + 1, signal)) {
    for (const { text } of lines) {
      parts.push(selectedPart(parseAnsi(text).text, line, ends));
      line += 1;
    }
  }
  return parts.join('\n');
}

/**
 * The whole log as the engine reads it: with its escape sequences, but bytes that are no UTF-8 replaced, and a line of more than
 * 64 KiB in pieces.
 *
 * @throws RequestError
 */
export async function readWholeLog(document: LogDocument, signal: AbortSignal): Promise<Blob> {
  const parts: string[] = [];
  for await (const lines of document.read(0, document.lines, signal)) {
    parts.push(lines.map(({ text }) => `${text}\n`).join(''));
  }
  return new Blob(parts, { type: 'text/plain' });
}
