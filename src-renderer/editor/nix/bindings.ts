/** The sets of a Nix text and what is bound in them, found without evaluating or wholly parsing it. */
import { tokensOf, type Token } from './tokens.ts';

export interface Binding {
  /** `['env', 'CFLAGS']` for `env.CFLAGS = …;`; a quoted or computed part as it is written. */
  readonly path: readonly string[];
  /** Offset of the first name. */
  readonly start: number;
  /** The value's tokens; empty where nothing was written yet. */
  readonly value: readonly Token[];
  /** Offset behind the semicolon, or behind the value where it is missing. */
  readonly end: number;
}

export interface AttributeSet {
  /** Offset of the opening brace. */
  readonly start: number;
  /** The words and symbols before the brace, the nearest last: `mkDerivation`, `(`, `finalAttrs`, `:`. */
  readonly before: readonly string[];
  readonly bindings: readonly Binding[];
}

/** Every `{ … }` that is a set and no list of parameters, the outer before the inner. */
export function attributeSets(text: string): readonly AttributeSet[] {
  const tokens = tokensOf(text);
  const partners = bracketPartners(tokens);
  return tokens.flatMap((token, index) => {
    const close = partners.get(index);
    if (token.text !== '{' || close === undefined) return [];
    const after = tokens[close + 1]?.text;
    if (after === ':' || after === '@') return [];
    const before = tokens.slice(Math.max(0, index - 6), index).map((earlier) => earlier.text);
    return [
      { start: token.start, before, bindings: bindingsIn(tokens, index + 1, close, partners) },
    ];
  });
}

/** Where `name` is bound first, as a whole path or its last part; null where it is not. */
export function findBinding(text: string, name: string): Binding | null {
  const bindings = attributeSets(text).flatMap((set) => set.bindings);
  const sorted = bindings.toSorted((a, b) => a.start - b.start);
  return (
    sorted.find(({ path }) => path.length === 1 && path[0] === name) ??
    sorted.find(({ path }) => path.at(-1) === name) ??
    null
  );
}

/** For the index of each opening bracket that of its closing one. */
function bracketPartners(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const closing: Readonly<Record<string, string>> = { '{': '}', '${': '}', '[': ']', '(': ')' };
  const partners = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach(({ kind, text }, index) => {
    if (kind !== 'symbol') return;
    if (closing[text] !== undefined) open.push(index);
    else if (text === '}' || text === ']' || text === ')') {
      const last = open.at(-1);
      if (last === undefined || closing[tokens[last]?.text ?? ''] !== text) return;
      open.pop();
      partners.set(last, index);
    }
  });
  return partners;
}

function bindingsIn(
  tokens: readonly Token[],
  from: number,
  to: number,
  partners: ReadonlyMap<number, number>,
): readonly Binding[] {
  const bindings: Binding[] = [];
  for (let at = from; at < to;) {
    const end = statementEnd(tokens, at, to, partners);
    const binding = bindingAt(tokens, at, end, partners);
    if (binding !== null) bindings.push(binding);
    at = end + 1;
  }
  return bindings;
}

/** The index of the semicolon that ends what begins at `from`. Those of `let`, `with` and `assert` end nothing. */
function statementEnd(
  tokens: readonly Token[],
  from: number,
  to: number,
  partners: ReadonlyMap<number, number>,
): number {
  const waiting: string[] = [];
  for (let at = from; at < to; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const partner = partners.get(at);
    if (partner !== undefined) at = partner;
    else if (['let', 'with', 'assert'].includes(token.text)) waiting.push(token.text);
    else if (token.text === 'in' && waiting.at(-1) === 'let') waiting.pop();
    else if (token.text === ';') {
      if (waiting.length === 0) return at;
      if (waiting.at(-1) !== 'let') waiting.pop();
    }
  }
  return to;
}

function bindingAt(
  tokens: readonly Token[],
  from: number,
  end: number,
  partners: ReadonlyMap<number, number>,
): Binding | null {
  const path: string[] = [];
  let at = from;
  for (; at < end; at += 1) {
    const token = tokens[at];
    if (token === undefined || token.text === '=') break;
    const partner = partners.get(at);
    if (token.text === '${' && partner !== undefined) {
      path.push('${…}');
      at = partner;
    } else if (token.kind === 'string') path.push(token.text.replace(/^"(.*)"$/s, '$1'));
    else if (token.kind === 'name') path.push(token.text);
    else if (token.text !== '.') return null;
  }
  const first = tokens[from];
  const last = tokens[end];
  if (first === undefined || path.length === 0 || tokens[at]?.text !== '=' || at >= end)
    return null;
  const value = tokens.slice(at + 1, end);
  const behind =
    last?.text === ';' ? last.end : (value.at(-1)?.end ?? tokens[at]?.end ?? first.end);
  return { path, start: first.start, value, end: behind };
}
