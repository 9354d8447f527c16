/** Looking for text in the files that changed: read one after another, a few at a time, until told to stop. */
import type { Changes } from '../../src-main/protocol/methods.ts';
import { isCancelled } from '../connection/error-parts.ts';
import { compileQuery, findPlaces, type LogQuery } from '../log/log-query.ts';
import type { Range } from '../log/line-pieces.ts';
import { decodeText, readSide } from './read-file.ts';

export interface FoundLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly places: readonly Range[];
}

export interface FoundFile {
  readonly path: string;
  readonly lines: readonly FoundLine[];
}

export interface SearchProgress {
  readonly files: readonly FoundFile[];
  readonly searched: number;
  readonly total: number;
  /** Files that were too large, or beyond the limit of files. */
  readonly left: number;
  readonly done: boolean;
}

const LARGEST_FILE = 2 * 1024 * 1024;
const MOST_FILES = 5000;
const MOST_LINES = 5000;
const AT_ONCE = 6;
/** So much of a line is shown. */
const LONGEST_LINE = 400;

/** Searches the added and modified regular files of `to`. @param progress called after each few files */
export async function searchChanges(
  changes: Changes,
  query: LogQuery,
  signal: AbortSignal,
  progress: (progress: SearchProgress) => void,
): Promise<void> {
  const pattern = compileQuery(query);
  const candidates = changes.paths.filter(
    (_, at) =>
      changes.types[at] === 'f' && changes.kinds[at] !== 'R' && (changes.sizes[at] ?? 0) > 0,
  );
  const sizes = new Map(changes.paths.map((path, at) => [path, changes.sizes[at] ?? 0]));
  const fitting = candidates.filter((path) => (sizes.get(path) ?? 0) <= LARGEST_FILE);
  const wanted = fitting.slice(0, MOST_FILES);
  const left = candidates.length - wanted.length;
  const found = new Map<number, FoundFile>();
  let searched = 0;
  let lines = 0;
  let next = 0;
  const report = (done: boolean) => {
    const files = [...found].sort(([one], [other]) => one - other).map(([, file]) => file);
    progress({ files, searched, total: wanted.length, left, done });
  };
  const work = async (): Promise<void> => {
    for (let at = next; at < wanted.length && lines < MOST_LINES; at = next) {
      next += 1;
      const path = wanted[at] ?? '';
      const file = await searchFile(changes.to, path, pattern, signal);
      searched += 1;
      if (file !== null) {
        found.set(at, file);
        lines += file.lines.length;
      }
      if (file !== null || searched % 20 === 0) report(false);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  report(true);
}

async function searchFile(
  snapshot: string,
  path: string,
  pattern: ReturnType<typeof compileQuery>,
  signal: AbortSignal,
): Promise<FoundFile | null> {
  try {
    const side = await readSide(snapshot, path, LARGEST_FILE, signal);
    if (side.content.kind !== 'text') return null;
    const lines: FoundLine[] = [];
    decodeText(side.bytes)
      .text.split('\n')
      .forEach((text, at) => {
        const places = findPlaces(text, pattern);
        const [first] = places;
        if (first === undefined) return;
        const start = Math.max(0, first.start - 80);
        const shown = text.slice(start, start + LONGEST_LINE);
        const inside = places
          .map((place) => ({ start: place.start - start, end: place.end - start }))
          .filter((place) => place.end <= shown.length);
        lines.push({ number: at + 1, text: shown, places: inside });
      });
    return lines.length === 0 ? null : { path, lines };
  } catch (error) {
    if (isCancelled(error)) throw error;
    // A file that cannot be read has nothing to be found in; the others have.
    return null;
  }
}
