/**
 * Which names a piece of bash code mentions, without running it. It errs towards too many: a name taken for used costs a
 * phase run again, a name missed would reuse a wrong result.
 */
import { scanCode, type CodePiece } from './code-scan.ts';

export interface CodeWords {
  /** Names that stand as `$name`, `${name…}`, `${!name}`, `${#name}`, wherever they stand. */
  readonly expanded: ReadonlySet<string>;
  /** Words outside quotes: commands, names given to functions (`concatTo flags makeFlags`), assignments, arithmetic. */
  readonly bare: ReadonlySet<string>;
  /** Every word, texts in quotes included. */
  readonly all: ReadonlySet<string>;
  /** Names that are the code's own variables: it gives them a value before it says anything else of them. */
  readonly own: ReadonlySet<string>;
}

const WORD = /[A-Za-z_][A-Za-z0-9_]*/g;
const EXPANSION = /\$\{?[!#]?([A-Za-z_][A-Za-z0-9_]*)/g;
const LOCAL =
  /(?:^|[\s;&|(])local((?:\s+-[A-Za-z]+)*)((?:\s+[A-Za-z_][A-Za-z0-9_]*(?:=(?:"[^"]*"|'[^']*'|\([^)]*\)|[^\s;]*))?)+)/g;
const NAME_IN_LOCAL = /([A-Za-z_][A-Za-z0-9_]*)(?:=("[^"]*"|'[^']*'|\([^)]*\)|[^\s;]*))?/g;

/** The names in a piece of code; functions as `declare -f` prints them and code held in variables alike. */
export function codeWords(code: string): CodeWords {
  return {
    expanded: new Set(Array.from(code.matchAll(EXPANSION), ([, name]) => name ?? '')),
    bare: new Set(withoutQuotes(code).match(WORD)),
    all: new Set(code.match(WORD)),
    own: ownNames(code),
  };
}

/** The code with the texts in quotes taken out; all of it where quotes cannot be told from the rest. */
function withoutQuotes(code: string): string {
  const pieces = scanCode(code);
  const unquoted =
    pieces === null
      ? code
      : pieces.map(({ kind, text }) => (kind === 'quoted' ? ' ' : text)).join('');
  // `sed -i` says nothing of a variable `i`, `$(( -i ))` does.
  return /\(\(|\blet\b/.test(unquoted)
    ? unquoted
    : unquoted.replace(/(?<=\s)-[A-Za-z](?![A-Za-z0-9_])/g, ' ');
}

/** `for NAME in`, `read -r -d '' NAME NAME`: the value from before is not looked at. */
const LOOP = /(?:^|[\s;&|(])for\s+([A-Za-z_][A-Za-z0-9_]*)(?=[\s;])/g;
const READ =
  /(?:^|[\s;&|(=])read((?:\s+-[A-Za-z]+(?:\s+(?:\$?'[^']*'|"[^"]*"|\d+))?)*)((?:\s+[A-Za-z_][A-Za-z0-9_]*)+)/g;

/**
 * Names whose first mention gives them a value. `local x=$x`, or a `local` after a use, speaks of another's variable as
 * well. Functions inside the code have locals of their own, so that nothing can be said for the code around them.
 */
function ownNames(code: string): ReadonlySet<string> {
  const names = new Set<string>();
  const definitions =
    code.match(/[^\s;&|()]+\s*\(\s*\)\s*[{(]|(^|[\s;&|(])function\s/g)?.length ?? 0;
  if (definitions > (/^\S+ \(\) \n\{ \n/.test(code) ? 1 : 0)) return names;
  const declare = (name: string, before: string): void => {
    if (!new RegExp(`(?<![A-Za-z0-9_])${name}(?![A-Za-z0-9_])`).test(before)) names.add(name);
  };
  for (const { 0: whole, 1: flags = '', 2: list = '', index } of code.matchAll(LOCAL)) {
    // `local -n` makes a reference: the name is local, what it refers to is not, and stands elsewhere as a word.
    if (flags.includes('n')) continue;
    let before = code.slice(0, index) + whole.slice(0, whole.length - list.length);
    for (const [text, name = '', value = ''] of list.matchAll(NAME_IN_LOCAL)) {
      declare(name, before + value);
      before += ` ${text}`;
    }
  }
  for (const { 1: name = '', index } of code.matchAll(LOOP)) declare(name, code.slice(0, index));
  for (const { 1: options = '', 2: list = '', index } of code.matchAll(READ)) {
    for (const name of list.match(WORD) ?? []) declare(name, code.slice(0, index) + options);
  }
  return names;
}

/**
 * Code held in a variable with its comments, blank lines and the blanks at both ends of lines taken out, so that an edit of
 * a comment is no edit. Where that cannot be told for certain without a whole parser of bash (here-documents, say), the
 * code is given as it is.
 */
export function normaliseCode(code: string): string {
  const pieces = scanCode(code);
  if (pieces === null) return code;
  const kept = withoutComments(pieces);
  let out = '';
  for (const [index, { kind, text }] of kept.entries()) {
    if (kind !== 'code') {
      out += text;
      continue;
    }
    let trimmed = text.replace(/[ \t]*\n[ \t\n]*/g, '\n');
    if (index === 0) trimmed = trimmed.replace(/^[ \t\n]+/, '');
    if (index === kept.length - 1) trimmed = trimmed.replace(/[ \t\n]+$/, '');
    // What a backslash would join to the next line, had that not been taken away.
    out += trimmed === '' && out.endsWith('\\\n') ? '\n' : trimmed;
  }
  return out;
}

/** The pieces that are no comment, what stood on both sides of one joined. */
function withoutComments(pieces: readonly CodePiece[]): readonly CodePiece[] {
  const joined: CodePiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (piece.kind === 'comment') continue;
    if (last?.kind === piece.kind) {
      joined[joined.length - 1] = { kind: piece.kind, text: last.text + piece.text };
    } else joined.push(piece);
  }
  return joined;
}
