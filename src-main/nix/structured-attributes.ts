/**
 * Structured attributes: the JSON of a derivation's `__json`, and the two files that Nix makes of it for the builder
 * (Nix 2.8: src/libstore/parsed-derivations.cc; later: `StructuredAttrs::writeShell`).
 */
import { StrataError } from '../protocol/errors.ts';
import { byteOrder } from './byte-order.ts';

export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

export type JsonObject = Readonly<Record<string, JsonValue>>;

/**
 * Numbers that JavaScript would change (64-bit integers, `1.0`) are held as strings with this mark before their text. A
 * string of Nix cannot begin with it: Nix's strings hold no NUL.
 */
const NUMBER_MARK = '\0number:';
const MARKED_NUMBER = /^\0number:(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** No expression is nested this deep; a text that is was made to exhaust the stack. */
const DEEPEST = 1000;

/**
 * The attributes in the text of `__json`.
 *
 * @throws StrataError `format` where the text is no JSON object.
 */
export function parseStructuredAttributes(json: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(markNumbers(json));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badAttributes(error.message);
  }
  if (!isObject(value)) throw badAttributes('it is no JSON object');
  return value;
}

/** `.attrs.json`: keys sorted and no spaces, as Nix's JSON library writes it. */
export function attributesJson(attributes: JsonObject): string {
  return dump(attributes, 0);
}

/**
 * `.attrs.sh`: a `declare` for each attribute whose name bash accepts and whose value is a string, integer, Boolean, null,
 * or a list or set of those alone; Nix leaves out the others.
 */
export function attributesShell(attributes: JsonObject): string {
  let script = '';
  for (const [name, value] of sortedEntries(attributes)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) continue;
    const simple = shellValue(value);
    if (simple !== undefined) {
      script += `declare ${name}=${simple}\n`;
    } else if (isArray(value)) {
      const items = value.map(shellValue);
      if (items.includes(undefined)) continue;
      script += `declare -a ${name}=(${items.map((item) => `${item ?? ''} `).join('')})\n`;
    } else if (isObject(value)) {
      const items = sortedEntries(value).map(([key, item]) => [key, shellValue(item)] as const);
      if (items.some(([, item]) => item === undefined)) continue;
      const pairs = items.map(([key, item]) => `[${shellQuote(key)}]=${item ?? ''} `);
      script += `declare -A ${name}=(${pairs.join('')})\n`;
    }
  }
  return script;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function shellValue(value: JsonValue): string | undefined {
  if (value === null) return `''`;
  if (typeof value === 'boolean') return value ? '1' : '';
  if (typeof value === 'number') return shellNumber(String(value));
  if (typeof value !== 'string') return undefined;
  const number = MARKED_NUMBER.exec(value)?.[1];
  return number === undefined ? shellQuote(value) : shellNumber(number);
}

/** Nix asks whether the number is whole as a C++ `float`, then prints it as a 32-bit `int`; both show. */
function shellNumber(text: string): string | undefined {
  if (/^-?\d+$/.test(text)) return BigInt.asIntN(32, BigInt(text)).toString();
  const rounded = Math.fround(Number(text));
  if (!Number.isInteger(rounded)) return undefined;
  const int = Math.trunc(Number(text));
  return String(Math.abs(int) <= 0x7fffffff ? int : -0x80000000);
}

function shellQuote(text: string): string {
  return `'${text.replaceAll(`'`, `'\\''`)}'`;
}

function dump(value: JsonValue, depth: number): string {
  if (depth > DEEPEST) throw badAttributes(`it is nested deeper than ${DEEPEST} levels`);
  if (isArray(value)) return `[${value.map((item) => dump(item, depth + 1)).join(',')}]`;
  if (isObject(value)) {
    const members = sortedEntries(value).map(
      ([name, member]) => `${JSON.stringify(name)}:${dump(member, depth + 1)}`,
    );
    return `{${members.join(',')}}`;
  }
  const number = typeof value === 'string' ? MARKED_NUMBER.exec(value)?.[1] : undefined;
  return number ?? JSON.stringify(value);
}

function sortedEntries(object: JsonObject): (readonly [string, JsonValue])[] {
  return Object.entries(object).sort(([a], [b]) => byteOrder(a, b));
}

/** A loop and no regular expression: a string of megabytes would exhaust the expression's backtracking. */
function markNumbers(json: string): string {
  const parts: string[] = [];
  let copied = 0;
  let at = 0;
  while (at < json.length) {
    const character = json.charAt(at);
    if (character === '"') {
      at = endOfString(json, at);
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      const number = /[-+.\deE]+/y;
      number.lastIndex = at;
      const text = number.exec(json)?.[0] ?? '';
      if (String(Number(text)) !== text && MARKED_NUMBER.test(NUMBER_MARK + text)) {
        parts.push(json.slice(copied, at), JSON.stringify(NUMBER_MARK + text));
        copied = at + text.length;
      }
      at += text.length;
    } else {
      at += 1;
    }
  }
  parts.push(json.slice(copied));
  return parts.join('');
}

function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    const character = json.charAt(at);
    if (character === '"') return at + 1;
    if (character === '\\') at += 1;
  }
  return json.length;
}

function badAttributes(reason: string): StrataError {
  return new StrataError({
    code: 'format',
    operation: 'reading the structured attributes of the derivation (__json)',
    reason,
  });
}
