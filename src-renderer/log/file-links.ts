/** Places in files that a line of a log names, in the ways compilers, shells and interpreters name them. */
import { absolutePath } from '../store/absolute-path.ts';

export interface FileLink {
  /** The part of the text that is the link. */
  readonly start: number;
  readonly end: number;
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number | null;
}

/**
 * What follows a path: `:12`, `:12:5`; `: line 138:` (bash); `(12,5):` (TypeScript, Microsoft's). The path itself is found by
 * looking back from here, which keeps a line of 64 KiB without a space from costing its square.
 */
const AFTER_PATH = /:(\d{1,8})(?::(\d{1,6}))?(?![\w.])|: line (\d{1,8})\b|\((\d{1,8}),(\d{1,6})\)/g;

/** Python's tracebacks. */
const PYTHON = /\bFile "([^"\n]{1,4096})", line (\d{1,8})/g;

const BREAKS_PATH = /[\s:"'`()<>[\]{},;=|*?!#&\u2018\u2019\u201c\u201d]/;
const LONGEST_PATH = 4096;

/** The links of a line, in order; they do not overlap. */
export function findFileLinks(text: string): readonly FileLink[] {
  const links: FileLink[] = [];
  for (const match of text.matchAll(PYTHON)) {
    const [whole, path = '', line] = match;
    if (path.startsWith('<')) continue;
    const start = match.index;
    links.push({ start, end: start + whole.length, path, line: Number(line), column: null });
  }
  let free = 0;
  for (const match of text.matchAll(AFTER_PATH)) {
    const end = match.index + match[0].length;
    const start = pathStart(text, match.index, free);
    const path = text.slice(start, match.index);
    free = end;
    if (!looksLikePath(path)) continue;
    const [, colonLine, colonColumn, bashLine, parenLine, parenColumn] = match;
    const line = Number(colonLine ?? bashLine ?? parenLine);
    const column = colonColumn ?? parenColumn;
    if (line === 0 || links.some((link) => start < link.end && link.start < end)) continue;
    links.push({ start, end, path, line, column: column === undefined ? null : Number(column) });
  }
  return links.sort((one, other) => one.start - other.start);
}

function pathStart(text: string, end: number, free: number): number {
  const least = Math.max(free, end - LONGEST_PATH);
  let start = end;
  while (start > least && !BREAKS_PATH.test(text[start - 1] ?? ' ')) start -= 1;
  return start;
}

/** A directory or an extension makes a file of a word; `//host` is what is left of an address, `1.2` a version. */
function looksLikePath(path: string): boolean {
  if (path.startsWith('//') || path.endsWith('/') || !/[A-Za-z]/.test(path)) return false;
  return (
    path.includes('/') || /\w\.[A-Za-z][\w+-]*$/.test(path) || /^(GNU)?[Mm]akefile$/.test(path)
  );
}

/**
 * Where a path that a log names may be, the likeliest first: as it is if it is absolute; otherwise below the directory make
 * last said it entered, below the phase's own, and then in any directory below which a file with this ending has changed.
 */
export function candidatePaths(
  path: string,
  directories: readonly (string | null)[],
  changedPaths: readonly string[],
): readonly string[] {
  if (path.startsWith('/')) return [absolutePath(path)];
  const found = new Set<string>();
  for (const directory of directories) {
    if (directory !== null) found.add(absolutePath(`${directory}/${path}`));
  }
  const ending = absolutePath(`/${path.replace(/^(\.{1,2}\/)+/, '')}`);
  for (const changed of changedPaths) {
    if (changed.endsWith(ending)) found.add(changed);
    if (found.size >= 16) break;
  }
  return [...found];
}

/** The directory that GNU make says it enters; null where the line is another. */
export function enteredDirectory(text: string): string | null {
  return /^make(?:\[\d+\])?: Entering directory ['`‘](.+)['’]$/.exec(text)?.[1] ?? null;
}
