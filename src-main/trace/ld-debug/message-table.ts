/**
 * The messages of a trace by their bytes, each parsed once. Processes say the same in the same order, so that as a rule a
 * message is the one that followed its forerunner before: then a comparison finds it, without a string.
 */
import { parseMessage, type Message, type Parsed } from './message.ts';
import { innerTag } from './tag.ts';

interface Known {
  readonly bytes: Buffer;
  readonly message: Message;
  /** What followed it last. */
  next: Known | null;
}

/** Comparing so many bytes here is faster than a call that does it. */
const FEW_BYTES = 160;

export class MessageTable {
  /** By the text, a byte a UTF-16 unit: no byte is lost, and nothing is decoded that is known. */
  readonly #known = new Map<string, Known>();
  #latest: Known | null = null;

  /**
   * The message in bytes[start, end), which are the caller's again afterwards; `broken` where the line of another process
   * begins in it.
   */
  message(bytes: Buffer, start: number, end: number): Parsed | 'broken' {
    const before = this.#latest;
    const expected = before?.next ?? null;
    if (expected !== null && isEqual(expected.bytes, bytes, start, end)) {
      this.#latest = expected;
      return expected.message;
    }
    const text = bytes.toString('latin1', start, end);
    let known = this.#known.get(text);
    if (known === undefined) {
      if (innerTag(bytes, start, end) !== -1) return 'broken';
      const message = parseMessage(utf8(text));
      // What is of no interest holds addresses and counts: all different.
      if (message === null || message === 'of-no-interest' || message.kind === 'unfinished') {
        return message;
      }
      known = { bytes: Buffer.from(bytes.subarray(start, end)), message, next: null };
      this.#known.set(text, known);
    }
    if (before !== null) before.next = known;
    this.#latest = known;
    return known.message;
  }
}

function isEqual(known: Buffer, bytes: Buffer, start: number, end: number): boolean {
  const length = known.length;
  if (end - start !== length) return false;
  if (length > FEW_BYTES) return known.compare(bytes, start, end) === 0;
  // Lines differ at their ends: they are paths in one directory.
  for (let at = length - 1; at >= 0; at -= 1) if (known[at] !== bytes[start + at]) return false;
  return true;
}

/** Most text is ASCII, and then nothing is to be decoded. */
export function utf8(latin1: string): string {
  return /^[\0-\x7f]*$/.test(latin1) ? latin1 : Buffer.from(latin1, 'latin1').toString('utf8');
}
