/**
 * Variables as bash's `declare -p` prints them (bash 4.4 to 5.3, variables.c and subst.c): one statement a variable,
 *
 *     declare -x HOME="/homeless-shelter"
 *     declare -ax list=([0]="a" [1]=$'b\nc')
 *     declare -A map=([key]="value" ["odd key"]="" )
 *     declare -r unset
 *
 * with double quotes (\" \\ \$ \` escaped), `$'…'` where a character wants it, or bare words.
 */
import { decodePath } from '../host/byte-path.ts';
import { StrataError } from '../protocol/errors.ts';

export type Value =
  | { readonly kind: 'scalar'; readonly text: string }
  /** Elements with their subscripts, in bash's order; gaps are allowed. */
  | { readonly kind: 'indexed'; readonly items: readonly (readonly [string, string])[] }
  /** Sorted by key, since bash's order is that of its hash table. */
  | { readonly kind: 'associative'; readonly items: readonly (readonly [string, string])[] };

export interface Variable {
  /** Attribute letters, sorted, without `a` and `A`: `x` exported, `r` read-only, `i` integer, `n` reference, … */
  readonly attributes: string;
  /** Null for a name that is declared and has no value. */
  readonly value: Value | null;
  /** The statement that declares it, as bash printed it. */
  readonly statement: string;
}

/** Reads the whole output of `declare -p`. @throws StrataError `format` at what bash does not write. */
export function parseDeclarations(text: string): ReadonlyMap<string, Variable> {
  const variables = new Map<string, Variable>();
  const reader = new Reader(text);
  while (!reader.atEnd()) {
    const start = reader.position;
    const flags = reader.match(/declare -(\S+) /y, 'a declaration')[1] ?? '';
    const name = reader.match(/[^=\n]+/y, 'a name')[0];
    const value = reader.take('=') ? readValue(reader, flags) : null;
    const statement = text.slice(start, reader.position);
    reader.match(/\n/y, 'the end of a declaration');
    const attributes = Array.from(flags.replace(/[-aA]/g, ''));
    variables.set(name, { attributes: attributes.toSorted().join(''), value, statement });
  }
  return variables;
}

/** One text for one meaning: equal for two variables exactly where attributes and value are. */
export function canonicalVariable(variable: Variable | undefined): string {
  return variable === undefined ? '' : JSON.stringify([variable.attributes, variable.value]);
}

/** A variable's value as one text: a scalar as it is, an array's elements joined by newlines; '' where there is none. */
export function valueText(variable: Variable | undefined): string {
  const value = variable?.value ?? null;
  if (value === null) return '';
  return value.kind === 'scalar' ? value.text : value.items.map(([, text]) => text).join('\n');
}

/** The declaration of an exported variable with a scalar value, as bash would print it. */
export function exportedScalar(name: string, text: string): Variable {
  const quoted = text.replace(/["\\$`]/g, '\\$&');
  return {
    attributes: 'x',
    value: { kind: 'scalar', text },
    statement: `declare -x ${name}="${quoted}"`,
  };
}

function readValue(reader: Reader, flags: string): Value {
  if (!reader.take('(')) return { kind: 'scalar', text: readWord(reader, /[^\n"'$\\]+/y) };
  const items: [string, string][] = [];
  for (;;) {
    reader.match(/ */y, 'a space');
    if (reader.take(')')) break;
    reader.match(/\[/y, 'a subscript');
    const key = readWord(reader, /[^\]"'$\\]+/y);
    reader.match(/\]=/y, 'the end of a subscript');
    items.push([key, readWord(reader, /[^ )"'$\\\n]+/y)]);
  }
  if (flags.includes('A')) {
    return { kind: 'associative', items: items.toSorted(([a], [b]) => (a < b ? -1 : 1)) };
  }
  return { kind: 'indexed', items };
}

/** A word of quoted and bare pieces; `bare` says which characters may stand without quotes. */
function readWord(reader: Reader, bare: RegExp): string {
  let text = '';
  for (;;) {
    if (reader.take('"')) {
      text += reader.untilUnescaped('"').replace(/\\(["\\$`])|\\\n/g, '$1');
      reader.match(/"/y, 'a closing quote');
    } else if (reader.take("$'")) {
      text += unescapeAnsi(reader.untilUnescaped("'"));
      reader.match(/'/y, 'a closing quote');
    } else if (reader.take("'")) {
      text += reader.match(/[^']*/y, 'a quoted text')[0];
      reader.match(/'/y, 'a closing quote');
    } else if (reader.take('\\')) {
      text += reader.match(/[^]/y, 'an escaped character')[0];
    } else {
      const piece = reader.tryMatch(bare);
      if (piece === null) return text;
      text += piece[0];
    }
  }
}

const ANSI: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The escapes of `$'…'` that bash itself writes (lib/sh/strtrans.c, `ansic_quote`): letters, octal, \uXXXX. */
function unescapeAnsi(text: string): string {
  const decoded = text.replace(
    /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([^]))/g,
    (_, octal?: string, hex?: string, short?: string, long?: string, letter?: string) => {
      const code = short ?? long;
      if (code !== undefined) return String.fromCodePoint(parseInt(code, 16));
      if (octal !== undefined) return byte(parseInt(octal, 8));
      if (hex !== undefined) return byte(parseInt(hex, 16));
      return ANSI[letter ?? ''] ?? letter ?? '';
    },
  );
  return joinBytes(decoded);
}

/** A byte above 0x7f as decodePath would hold it alone. */
function byte(code: number): string {
  return String.fromCharCode(code < 0x80 ? code : 0xdc00 + (code & 0xff));
}

/** Bytes that were escaped one by one and make a character together become that character. */
function joinBytes(text: string): string {
  return text.replace(/[\udc80-\udcff]{2,}/g, (run) =>
    decodePath(Uint8Array.from(run, (unit) => unit.charCodeAt(0) - 0xdc00)),
  );
}

/** A place in a text. */
class Reader {
  readonly #text: string;
  position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.position >= this.#text.length;
  }

  /** Steps over `literal` if it stands here. */
  take(literal: string): boolean {
    if (!this.#text.startsWith(literal, this.position)) return false;
    this.position += literal.length;
    return true;
  }

  /**
   * The text up to a closing quote, which is left; a backslash takes the character after it along. A loop, since a regular
   * expression keeps a place to come back to for each of a million escapes.
   */
  untilUnescaped(quote: string): string {
    const start = this.position;
    while (this.position < this.#text.length) {
      const character = this.#text[this.position];
      if (character === quote) break;
      this.position += character === '\\' ? 2 : 1;
    }
    return this.#text.slice(start, this.position);
  }

  tryMatch(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.position;
    const match = sticky.exec(this.#text);
    if (match !== null) this.position = sticky.lastIndex;
    return match;
  }

  match(sticky: RegExp, what: string): RegExpExecArray {
    const match = this.tryMatch(sticky);
    if (match !== null) return match;
    throw new StrataError({
      code: 'format',
      operation: 'reading the variables of a shell',
      reason: `expected ${what} at character ${this.position}: ${JSON.stringify(this.#text.slice(this.position, this.position + 40))}`,
    });
  }
}
