/**
 * A Nix text cut into tokens, for edits and jumps that must know a binding from a word in a string or comment. Strings with
 * all that is in them are one token, which says where the expressions within are. Text that is no Nix gives some tokens and no error.
 */

export interface Token {
  readonly kind: 'name' | 'string' | 'path' | 'number' | 'symbol';
  readonly text: string;
  /** Offsets into the text: from the first character to behind the last. */
  readonly start: number;
  readonly end: number;
  /** What stands between `${` and `}` in a string or a path, without what is within such an expression in its turn. */
  readonly interpolations: readonly Span[];
}

/** Offsets into the text: from the first character to behind the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const blank = /(?:\s+|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$))+/y;
const path =
  /(?:(?:~|[\w.+-]*)(?:\/[\w.+-]*)+(?=\$\{)|(?:~|[\w.+-]*)(?:\/[\w.+-]+)+\/?|<[\w.+-]+(?:\/[\w.+-]+)*>)/y;
const uri = /[a-zA-Z][a-zA-Z0-9+.-]*:[\w%/?:@&=+$,.!~*'-]+/y;
const name = /[a-zA-Z_][\w'-]*/y;
const number = /(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?|\d+/y;
const symbol = /\.\.\.|->|\+\+|\/\/|==|!=|<=|>=|&&|\|\||\$\{|[\s\S]/y;

/** The tokens in order. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = endOf(blank, text, 0); at < text.length; at = endOf(blank, text, at)) {
    const interpolations: Span[] = [];
    const { kind, end } = next(text, at, (span) => interpolations.push(span));
    tokens.push({ kind, text: text.slice(at, end), start: at, end, interpolations });
    at = end;
  }
  return tokens;
}

type OnInterpolation = (span: Span) => void;

function next(
  text: string,
  at: number,
  onInterpolation: OnInterpolation,
): Pick<Token, 'kind' | 'end'> {
  if (text.startsWith("''", at)) {
    return { kind: 'string', end: indentedStringEnd(text, at + 2, onInterpolation) };
  }
  if (text[at] === '"') return { kind: 'string', end: stringEnd(text, at + 1, onInterpolation) };
  const pathEnd = pathWithInterpolationsEnd(text, at, onInterpolation);
  if (pathEnd > at) return { kind: 'path', end: pathEnd };
  const uriEnd = endOf(uri, text, at);
  if (uriEnd > at) return { kind: 'string', end: uriEnd };
  const nameEnd = endOf(name, text, at);
  if (nameEnd > at) return { kind: 'name', end: nameEnd };
  const numberEnd = endOf(number, text, at);
  if (numberEnd > at) return { kind: 'number', end: numberEnd };
  return { kind: 'symbol', end: endOf(symbol, text, at) };
}

/** Where the match of a sticky expression at `at` ends; `at` where there is none. */
function endOf(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : at;
}

function stringEnd(text: string, from: number, onInterpolation: OnInterpolation): number {
  let at = from;
  while (at < text.length) {
    if (text[at] === '"') return at + 1;
    if (text[at] === '\\' || text.startsWith('$$', at)) at += 2;
    else if (text.startsWith('${', at)) at = interpolationEnd(text, at + 2, onInterpolation);
    else at += 1;
  }
  return text.length;
}

function indentedStringEnd(text: string, from: number, onInterpolation: OnInterpolation): number {
  let at = from;
  while (at < text.length) {
    if (text.startsWith("''", at)) {
      const escaped = text[at + 2];
      if (escaped === '\\') at += 4;
      else if (escaped === '$' || escaped === "'") at += 3;
      else return at + 2;
    } else if (text.startsWith('$$', at)) at += 2;
    else if (text.startsWith('${', at)) at = interpolationEnd(text, at + 2, onInterpolation);
    else at += 1;
  }
  return text.length;
}

/** Behind the brace that ends the interpolation whose content begins at `from`. */
function interpolationEnd(text: string, from: number, onInterpolation: OnInterpolation): number {
  let depth = 1;
  for (let at = endOf(blank, text, from); at < text.length; at = endOf(blank, text, at)) {
    const { end } = next(text, at, () => undefined);
    const token = text.slice(at, end);
    if (token === '{' || token === '${') depth += 1;
    else if (token === '}') depth -= 1;
    if (depth === 0) {
      onInterpolation({ start: from, end: at });
      return end;
    }
    at = end;
  }
  onInterpolation({ start: from, end: text.length });
  return text.length;
}

function pathWithInterpolationsEnd(
  text: string,
  from: number,
  onInterpolation: OnInterpolation,
): number {
  let at = endOf(path, text, from);
  if (at === from) return from;
  const segment = /[\w.+\-/]+/y;
  while (text.startsWith('${', at)) {
    at = interpolationEnd(text, at + 2, onInterpolation);
    at = endOf(segment, text, at);
  }
  return at;
}
