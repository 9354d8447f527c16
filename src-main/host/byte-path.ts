/**
 * File names are bytes; strings are not. Names that are valid UTF-8 are ordinary strings here, and each byte that is not
 * becomes the lone surrogate U+DC80+(byte−0x80), as Python does (PEP 383): the mapping loses nothing, JSON carries it as
 * `\udc80`, and ordinary names look ordinary.
 */
import { isUtf8 } from 'node:buffer';

const LONE_SURROGATE = /[\udc80-\udcff]/;

/** The string for the bytes of a file name; never throws. */
export function decodePath(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString('utf8');
  let text = '';
  let at = 0;
  while (at < buffer.length) {
    const length = sequenceLength(buffer, at);
    if (length === 0) {
      text += String.fromCharCode(0xdc00 + (buffer[at] ?? 0));
      at += 1;
    } else {
      text += buffer.toString('utf8', at, at + length);
      at += length;
    }
  }
  return text;
}

/** The bytes of a name that {@link decodePath} gave; a lone surrogate outside U+DC80–DCFF becomes U+FFFD's bytes. */
export function encodePath(path: string): Buffer {
  if (!LONE_SURROGATE.test(path)) return Buffer.from(path, 'utf8');
  const parts: Buffer[] = [];
  for (const character of path) {
    const unit = character.length === 1 ? character.charCodeAt(0) : 0;
    const isEscape = unit >= 0xdc80 && unit <= 0xdcff;
    parts.push(isEscape ? Buffer.from([unit - 0xdc00]) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
}

/** A path as a person reads it: control characters and stray bytes as `\xNN`, the rest as it is. */
export function printablePath(path: string): string {
  return path.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\udc80-\udcff]/g,
    (unit) => {
      const code = unit.charCodeAt(0);
      if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
      return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
    },
  );
}

/** How many bytes the valid UTF-8 character at `at` has; 0 where there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length =
    first < 0x80
      ? 1
      : first < 0xc2
        ? 0
        : first < 0xe0
          ? 2
          : first < 0xf0
            ? 3
            : first < 0xf5
              ? 4
              : 0;
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))
    ? length
    : 0;
}
