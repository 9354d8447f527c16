/** Looking for text in the files that changed: read one after another, a few at a time, until told to stop. */
import type { Changes } from '../../src-main/protocol/methods.ts';
import { isCancelled } from '../connection/error-parts.ts';
import type { Pattern } from '../log/log-query.ts';
import type { Range } from '../log/line-pieces.ts';
import type { PlaceFinder } from '../log/place-finder.ts';
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
  /** `cut`: there was so much to show that the other files were not searched. */
  readonly end: 'going' | 'done' | 'cut';
}

/** Finds the lines in which the pattern is; a thread of its own, whose time is limited. */
export type FindLines = PlaceFinder['find'];

const LARGEST_FILE = 2 * 1024 * 1024;
const MOST_FILES = 5000;
const MOST_LINES = 5000;
const AT_ONCE = 6;
/** Between two reports (milliseconds): each is a list of all that was found. */
const REPORT_MS = 100;
/** So much of a line is shown. */
const LONGEST_LINE = 400;

/**
 * Searches the added and modified regular files of `to`.
 *
 * @param progress called from time to time, and at the end
 * @throws RequestError `usage` where a regular expression takes too long
 */
export async function searchChanges(
  changes: Changes,
  pattern: Pattern,
  find: FindLines,
  signal: AbortSignal,
  progress: (progress: SearchProgress) => void,
): Promise<void> {
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
  let reported = performance.now();
  const report = (end: SearchProgress['end']) => {
    const files = [...found].sort(([one], [other]) => one - other).map(([, file]) => file);
    progress({ files, searched, total: wanted.length, left, end });
    reported = performance.now();
  };
  const work = async (): Promise<void> => {
    for (let at = next; at < wanted.length && lines < MOST_LINES; at = next) {
      next += 1;
      const path = wanted[at] ?? '';
      const file = await searchFile(changes.to, path, pattern, find, signal);
      searched += 1;
      if (file !== null) {
        found.set(at, file);
        lines += file.lines.length;
      }
      if (performance.now() - reported >= REPORT_MS) report('going');
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } catch (error) {
    // What was found until then stays on screen.
    report('going');
    throw error;
  }
  report(searched < wanted.length ? 'cut' : 'done');
}

async function searchFile(
  snapshot: string,
  path: string,
  pattern: Pattern,
  find: FindLines,
  signal: AbortSignal,
): Promise<FoundFile | null> {
  const texts = await readLines(snapshot, path, signal);
  if (texts === null) return null;
  const found = await find(pattern, texts, signal);
  const lines = found.map(({ at, places }) => shownLine(at + 1, texts[at] ?? '', places));
  return lines.length === 0 ? null : { path, lines };
}

/** Null for what is no text. */
async function readLines(
  snapshot: string,
  path: string,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  try {
    const side = await readSide(snapshot, path, LARGEST_FILE, signal);
    return side.content.kind === 'text' ? decodeText(side.bytes).text.split('\n') : null;
  } catch (error) {
    if (isCancelled(error)) throw error;
    // A file that cannot be read has nothing to be found in; the others have.
    return null;
  }
}

/** A line, of a long one the part around the first place. */
function shownLine(number: number, text: string, places: readonly Range[]): FoundLine {
  const start = Math.max(0, (places[0]?.start ?? 0) - 80);
  const shown = text.slice(start, start + LONGEST_LINE);
  const inside = places
    .map((place) => ({ start: place.start - start, end: place.end - start }))
    .filter((place) => place.end <= shown.length);
  return { number, text: shown, places: inside };
}
