/** Cuts a stream of bytes into the lines of Nix's log. */
import { parseLogLine } from './log-events.ts';
import type { LogEvent } from './log-events.ts';

/** A line longer than this is given in pieces: a builder that prints no line feed must not fill the memory. */
const LONGEST_LINE = 16 * 1024 * 1024;

const LINE_FEED = 0x0a;

/** Takes the bytes as they come and gives the events of the lines they complete. Never throws. */
export class LogStream {
  #rest: Buffer[] = [];
  #restLength = 0;

  push(chunk: Uint8Array): LogEvent[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const events: LogEvent[] = [];
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(LINE_FEED, start);
      if (end === -1) break;
      events.push(parseLogLine(this.#line(bytes.subarray(start, end))));
      start = end + 1;
    }
    if (start < bytes.length) this.#keep(bytes.subarray(start));
    if (this.#restLength > LONGEST_LINE) events.push(...this.end());
    return events;
  }

  /** The event of a last line that has no line feed. */
  end(): LogEvent[] {
    return this.#restLength === 0 ? [] : [parseLogLine(this.#line(Buffer.alloc(0)))];
  }

  #line(tail: Buffer): string {
    const bytes = this.#restLength === 0 ? tail : Buffer.concat([...this.#rest, tail]);
    this.#rest = [];
    this.#restLength = 0;
    return bytes.toString('utf8');
  }

  #keep(piece: Buffer): void {
    // A copy: the caller may use its buffer again.
    this.#rest.push(Buffer.from(piece));
    this.#restLength += piece.length;
  }
}
