/**
 * Which names a piece of bash code mentions, without running it. It errs towards too many: a name taken for used costs a
 * phase run again, a name missed would reuse a wrong result.
 */

export interface CodeWords {
  /** Names that stand as `$name`, `${name…}`, `${!name}`, `${#name}`, wherever they stand. */
  readonly expanded: ReadonlySet<string>;
  /** Words outside quotes: commands, names given to functions (`concatTo flags makeFlags`), assignments, arithmetic. */
  readonly bare: ReadonlySet<string>;
  /** Every word, texts in quotes included. */
  readonly all: ReadonlySet<string>;
  /** Names the code declares `local`: what it says of them is about its own variable. */
  readonly locals: ReadonlySet<string>;
}

const WORD = /[A-Za-z_][A-Za-z0-9_]*/g;
const EXPANSION = /\$\{?[!#]?([A-Za-z_][A-Za-z0-9_]*)/g;
const LOCAL =
  /(?:^|[\s;&|(])local((?:\s+-[A-Za-z]+)*)((?:\s+[A-Za-z_][A-Za-z0-9_]*(?:=(?:"[^"]*"|'[^']*'|\([^)]*\)|[^\s;]*))?)+)/g;

/** The names in a piece of code; functions as `declare -f` prints them and code held in variables alike. */
export function codeWords(code: string): CodeWords {
  const unquoted = withoutQuotes(code) ?? code;
  return {
    expanded: new Set(Array.from(code.matchAll(EXPANSION), ([, name]) => name ?? '')),
    bare: new Set(unquoted.match(WORD)),
    all: new Set(code.match(WORD)),
    locals: new Set(
      Array.from(code.matchAll(LOCAL)).flatMap(([, flags = '', names = '']) =>
        // `local -n` makes a reference: the name is local, what it refers to is not, and stands elsewhere as a word.
        flags.includes('n')
          ? []
          : (names.replace(/=(?:"[^"]*"|'[^']*'|\([^)]*\)|\S*)/g, '').match(WORD) ?? []),
      ),
    ),
  };
}

/** The code with what stands in quotes taken out; null where the quotes do not close (a here-document, say). */
function withoutQuotes(code: string): string | null {
  let out = '';
  let at = 0;
  while (at < code.length) {
    const character = code[at] ?? '';
    if (character === '\\') {
      at += 2;
    } else if (character === "'" || character === '"') {
      const end = character === "'" ? code.indexOf("'", at + 1) : endOfDoubleQuotes(code, at + 1);
      if (end < 0) return null;
      out += ' ';
      at = end + 1;
    } else {
      out += character;
      at += 1;
    }
  }
  return out;
}

/** Where the double quote that opened before `from` closes; -1 for nowhere. Quotes inside `$(…)` pair up among themselves. */
function endOfDoubleQuotes(code: string, from: number): number {
  for (let at = from; at < code.length; at += 1) {
    if (code[at] === '\\') at += 1;
    else if (code[at] === '"') return at;
  }
  return -1;
}

/**
 * Code held in a variable with its comments, blank lines and the blanks at the ends of lines taken out, so that an edit of
 * a comment is no edit. Where that cannot be told for certain without a whole parser of bash (here-documents, quotes that
 * do not close), the code is given as it is.
 */
export function normaliseCode(code: string): string {
  if (code.includes('<<')) return code;
  let out = '';
  let at = 0;
  while (at < code.length) {
    const character = code[at] ?? '';
    const before = at === 0 ? '\n' : (code[at - 1] ?? '');
    if (character === '\\') {
      out += code.slice(at, at + 2);
      at += 2;
    } else if (character === "'" || character === '"') {
      const end = character === "'" ? code.indexOf("'", at + 1) : endOfDoubleQuotes(code, at + 1);
      if (end < 0) return code;
      out += code.slice(at, end + 1);
      at = end + 1;
    } else if (character === '$' && code[at + 1] === '{') {
      // `${name#pattern}`: no comment, and quotes in it are the expansion's own.
      const end = code.indexOf('}', at);
      if (end < 0) return code;
      const inside = code.slice(at, end + 1);
      if (/['"\\]|\$\{.*\$\{/.test(inside)) return code;
      out += inside;
      at = end + 1;
    } else if (character === '#' && /[\s;&|(]/.test(before)) {
      const end = code.indexOf('\n', at);
      at = end < 0 ? code.length : end;
    } else {
      out += character;
      at += 1;
    }
  }
  return trimLines(code, out);
}

/** Blank lines and blanks at line ends carry no meaning, except in quotes that span lines: those stay as they are. */
function trimLines(original: string, code: string): string {
  if (/(['"])(?:(?!\1)[^\\]|\\[^])*\n(?:(?!\1)[^\\]|\\[^])*\1/.test(original)) return code;
  return code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
