/**
 * The pieces of a line of strace: quoted strings, descriptors with their files, results (strace(1); seen in 5.10 to 6.12).
 * All functions look into a longer text at a place and never throw.
 */
import { decodePath } from '../../host/byte-path.ts';

const BACKSLASH = 0x5c;

/** Where the string that begins behind `start` ends: at its closing quote, or -1. */
export function closingQuote(text: string, start: number, end: number): number {
  let at = text.indexOf('"', start);
  while (at >= 0 && at < end) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH && at - 1 - backslashes >= start) {
      backslashes += 1;
    }
    if (backslashes % 2 === 0) return at;
    at = text.indexOf('"', at + 1);
  }
  return -1;
}

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g;

const LETTERS: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
};

/** The path for a string as strace writes it, with `\n`, `\351` (or shorter), `\xe9`; what else is escaped is itself. */
export function unescaped(raw: string): string {
  const bytes = raw.includes('\\')
    ? raw.replace(ESCAPE, (_, hex?: string, octal?: string, letter?: string) => {
        if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
        if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
        return LETTERS[letter ?? ''] ?? letter ?? '';
      })
    : raw;
  return decodePath(Buffer.from(bytes, 'latin1'));
}

/**
 * Where the name of the file behind a descriptor ends, which `-y` puts in angle brackets; it begins at `start`. Inside of it
 * brackets are escaped; `-yy` appends more in brackets of their own: `1</dev/null<char 1:3>>`.
 */
export function fileNameEnd(text: string, start: number, end: number): number {
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x3e || code === 0x3c) return at;
  }
  return -1;
}

/** The number at a place, or NaN; -1 is one. */
export function numberAt(text: string, start: number): number {
  let at = start;
  const isNegative = text.charCodeAt(at) === 0x2d;
  if (isNegative) at += 1;
  let number = 0;
  const first = at;
  for (;;) {
    const digit = text.charCodeAt(at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) break;
    number = number * 10 + digit;
    at += 1;
  }
  return at === first ? NaN : isNegative ? -number : number;
}

/**
 * Where the result begins: behind the last ` = ` that follows a closing parenthesis and blanks. -1 where the call has none.
 */
export function resultStart(text: string, start: number, end: number): number {
  let equals = text.lastIndexOf(' = ', end - 4);
  while (equals > start) {
    let before = equals;
    while (text.charCodeAt(before) === 0x20) before -= 1;
    const first = text.charCodeAt(equals + 3);
    const isValue = (first >= 0x30 && first <= 0x39) || first === 0x2d || first === 0x3f;
    if (text.charCodeAt(before) === 0x29 && isValue) return equals + 3;
    equals = text.lastIndexOf(' = ', equals - 1);
  }
  return -1;
}

/**
 * `ok`, an error's name, or `unknown`. `-1 ENOENT (No such file or directory)`; `? ERESTARTSYS (To be restarted …)` is a
 * call that a signal interrupted and that is made again: null.
 */
export function resultAt(text: string, at: number): string | null {
  const first = text.charCodeAt(at);
  if (first === 0x3f) return text.startsWith('? ERESTART', at) ? null : 'unknown';
  if (first !== 0x2d) return 'ok';
  if (!text.startsWith('-1 E', at)) return 'unknown';
  let end = at + 4;
  while (isNameCharacter(text.charCodeAt(end))) end += 1;
  return text.slice(at + 3, end);
}

function isNameCharacter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
}
