/**
 * Text as it is seen: a line of a build's output as a terminal would leave it, and names with what cannot be seen written out.
 * The window shows this and the engine searches it, so that what is found is what is read.
 */

/**
 * Sequences and characters that are not text, in the order of their length:
 * 1. CSI, its parameters, intermediates and final byte; a final byte of `m` without intermediates is SGR
 * 2. OSC, DCS, SOS, PM and APC with their string, if the line ends it
 * 3. other escape sequences, and the beginnings of those above where they are broken off
 * 4. single control characters but the tab; the carriage return is treated apart
 * 5. characters that reorder or hide their neighbours
 */
const NOT_TEXT =
  /(?:\u001b\[|\u009b)([0-?]*)([ -/]*)([@-~]?)|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]?|[\u0000-\u0008\u000a-\u001f\u007f-\u009f]|[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** Nothing to do for most lines. */
const PERHAPS_NOT_TEXT =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/;

/** Characters that would not show, would break the line or would reorder their neighbours. */
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** What a line of output is made of, for whoever draws it. */
export type LinePart =
  | { readonly kind: 'text'; readonly text: string }
  /** SGR: `ESC [ parameters m`. */
  | { readonly kind: 'style'; readonly parameters: string }
  /** What follows takes the place of what was before. */
  | { readonly kind: 'return' };

/** The parts of a line in their order; escape sequences and control characters without an effect here are left out. */
export function* lineParts(line: string): Generator<LinePart, void> {
  let at = 0;
  for (const match of isPlain(line) ? [] : line.matchAll(NOT_TEXT)) {
    if (match.index > at) yield { kind: 'text', text: line.slice(at, match.index) };
    at = match.index + match[0].length;
    const [sequence, parameters, intermediates, final] = match;
    if (sequence === '\r') yield { kind: 'return' };
    else if (final === 'm' && intermediates === '')
      yield { kind: 'style', parameters: parameters ?? '' };
    else if (sequence.charCodeAt(0) >= 0xa0) yield { kind: 'text', text: printable(sequence) };
  }
  if (at < line.length) yield { kind: 'text', text: line.slice(at) };
}

/** Whether a line is seen as it is. */
export function isPlain(line: string): boolean {
  return !PERHAPS_NOT_TEXT.test(line);
}

/** A line as it is seen. What a carriage return goes back over is not, if anything follows it. */
export function visibleText(line: string): string {
  if (isPlain(line)) return line;
  let seen = '';
  let returned = false;
  for (const part of lineParts(line)) {
    if (part.kind === 'return') returned = true;
    if (part.kind !== 'text') continue;
    seen = returned ? part.text : seen + part.text;
    returned = false;
  }
  return seen;
}

/**
 * A path or name with everything that cannot be seen written out: `\x0a`, `\x80`, `\u202e`. A file name is bytes: those that
 * are no UTF-8 come over the protocol as the lone surrogates U+DC80 to U+DCFF, as Python does it (PEP 383), and are shown as
 * the bytes they stand for.
 */
export function printable(name: string): string {
  return name.replace(UNSEEN, (unit) => {
    const code = unit.charCodeAt(0);
    if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
    return code <= 0xff ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
  });
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
