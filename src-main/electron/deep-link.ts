/**
 * What Strata is asked to open from outside: links (`strata://open?target=…`) and files. Anyone can make a page with a link,
 * so nothing follows from it by itself.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The longest target that is asked about; a question must fit on the screen. */
const longest = 1000;

/** The target a link names; null for every other text. */
export function targetOfLink(link: string): string | null {
  const url = URL.canParse(link) ? new URL(link) : null;
  if (url?.protocol !== 'strata:' || url.host !== 'open') return null;
  return askable(url.searchParams.get('target') ?? '');
}

/** The absolute path of a file that can be opened; null for every other word. @param directory where relative words begin. */
export function targetOfFile(word: string, directory: string): string | null {
  const path = pathOf(word);
  if (path === null || !/\.(drv|nix)$/.test(path)) return null;
  return askable(resolve(directory, path));
}

/**
 * The link or the file among the arguments of a start; null where there is none.
 *
 * @param directory the working directory of that start, which need not be ours.
 */
export function openedBy(argv: readonly string[], directory: string): string | null {
  const words = argv.slice(1).filter((word) => !word.startsWith('-'));
  for (const target of [targetOfLink, (word: string) => targetOfFile(word, directory)]) {
    const [first] = words.map(target).filter((found) => found !== null);
    if (first !== undefined) return first;
  }
  return null;
}

/** What stands in the question must be seen in it as a whole. */
function askable(target: string): string | null {
  if (target === '' || target.length > longest) return null;
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(target) ? null : target;
}

/** The path in a word. File managers give a file as `file://…`; any other scheme is no file's. */
function pathOf(word: string): string | null {
  if (!/^[a-z][a-z\d+.-]*:/i.test(word)) return word;
  try {
    return fileURLToPath(word);
  } catch {
    return null;
  }
}
