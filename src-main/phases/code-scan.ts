/**
 * Bash code cut into what is code, what is quoted, and what is comment, by the rules of bash(1), "QUOTING" and "COMMENTS".
 *
 * It is no parser. Where telling them apart takes one (here-documents, patterns that may hold a `#`, quotes inside old-style
 * substitutions), it says so instead of guessing.
 */

export interface CodePiece {
  readonly kind: 'code' | 'quoted' | 'comment';
  readonly text: string;
}

/**
 * The pieces of a text, which joined are the text again; null where they cannot be told apart. Code inside `$(…)` counts as
 * code wherever it stands, an escaped character as quoted.
 */
export function scanCode(code: string): readonly CodePiece[] | null {
  if (/<<(?!<)/.test(code.replaceAll('<<<', ''))) return null;
  // `[[ $x =~ (#|a) ]]` and `@(#*)`: a `#` after a bracket or a bar that begins no comment.
  if (code.includes('#') && /=~|[?*+@!]\(/.test(code)) return null;
  const scan = new Scan(code);
  return scan.command(null) && scan.atEnd() ? scan.pieces : null;
}

/** Substitutions in substitutions beyond this are nobody's code. */
const DEEPEST = 50;

/** `${name}`, `${name:-"$other"}`: with quotes and brackets that pair up plainly, on one line. */
const BRACES =
  /\$\{(?:[^{}'"\\`\n]|\$\{[^{}'"\\`\n]*\}|"(?:[^{}'"\\`$\n]|\$\{[^{}'"\\`\n]*\}|\$(?![({]))*")*\}/y;

class Scan {
  readonly pieces: CodePiece[] = [];
  readonly #code: string;
  #at = 0;
  #depth = 0;
  /** Whether a word has begun, so that a `#` would be part of it. */
  #inWord = false;

  constructor(code: string) {
    this.#code = code;
  }

  atEnd(): boolean {
    return this.#at >= this.#code.length;
  }

  /** Reads commands up to the end, or up to the bracket that closes a substitution. False where it cannot. */
  command(closing: ')' | null): boolean {
    let open = 0;
    while (!this.atEnd()) {
      const character = this.#code[this.#at] ?? '';
      if (character === '#' && !this.#inWord) {
        this.#take('comment', /[^\n]*/y);
      } else if (character === ')' && open === 0 && closing !== null) {
        return true;
      } else if (/[\s;&|()<>]/.test(character)) {
        if (character === '(') open += 1;
        if (character === ')') open = Math.max(0, open - 1);
        this.#add('code', character);
        this.#inWord = false;
      } else if (!this.#word(character, closing)) return false;
    }
    return closing === null;
  }

  /** Reads a piece of a word. */
  #word(character: string, closing: ')' | null): boolean {
    // A newline after a backslash joins two lines, and neither begins nor ends a word.
    if (this.#take('quoted', /\\\n/y)) return true;
    this.#inWord = true;
    switch (character) {
      case '\\':
        return this.#take('quoted', /\\[^]/y);
      case "'":
        return this.#take('quoted', /'[^']*'/y);
      case '"':
        return this.#doubleQuotes();
      case '`':
        return false;
      case '$':
        return this.#dollar();
      default: {
        const from = this.#at;
        this.#take('code', /[^\s;&|()<>\\'"`$]+/y);
        // The patterns of a `case` close brackets they have not opened: which one ends the substitution?
        return closing === null || this.#code.slice(from, this.#at) !== 'case';
      }
    }
  }

  #dollar(): boolean {
    const next = this.#code[this.#at + 1];
    if (next === "'") return this.#take('quoted', /\$'(?:[^'\\]|\\[^])*'/y);
    if (next === '{') return this.#take('code', BRACES);
    if (this.#code.startsWith('$((', this.#at)) {
      return this.#take('code', /\$\(\([^()'"\\`]*\)\)/y);
    }
    if (next === '(') return this.#substitution();
    return this.#take('code', /\$[#?$!@*\-0-9]?/y);
  }

  #substitution(): boolean {
    if (this.#depth >= DEEPEST) return false;
    this.#depth += 1;
    this.#add('code', '$(');
    this.#inWord = false;
    if (!this.command(')')) return false;
    this.#inWord = true;
    this.#depth -= 1;
    return this.#take('code', /\)/y);
  }

  #doubleQuotes(): boolean {
    this.#add('quoted', '"');
    while (!this.atEnd()) {
      const character = this.#code[this.#at] ?? '';
      if (character === '"') return this.#take('quoted', /"/y);
      if (!this.#inQuotes(character)) return false;
    }
    return false;
  }

  #inQuotes(character: string): boolean {
    switch (character) {
      case '`':
        return false;
      case '\\':
        return this.#take('quoted', /\\[^]/y);
      case '$': {
        const opens = /[{(]/.test(this.#code[this.#at + 1] ?? '');
        return opens ? this.#dollar() : this.#take('quoted', /\$/y);
      }
      default:
        return this.#take('quoted', /[^"`\\$]+/y);
    }
  }

  #take(kind: CodePiece['kind'], sticky: RegExp): boolean {
    sticky.lastIndex = this.#at;
    const text = sticky.exec(this.#code)?.[0];
    if (text === undefined) return false;
    this.#add(kind, text);
    return true;
  }

  #add(kind: CodePiece['kind'], text: string): void {
    const last = this.pieces.at(-1);
    if (last?.kind === kind) this.pieces[this.pieces.length - 1] = { kind, text: last.text + text };
    else this.pieces.push({ kind, text });
    this.#at += text.length;
  }
}
