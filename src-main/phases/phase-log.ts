/**
 * The log of a phase: every byte it prints, as it was, in one file; beside it when the bytes came.
 *
 * `log.times` is a sequence of pairs of 64-bit floating-point numbers, little-endian: an offset into the log and the time
 * (milliseconds since 1970) at which the bytes from there on arrived. A line's time is that of the last pair at or before it.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describeFileError } from '../host/durable.ts';
import { EMPTY_DIGEST, digestLine, type LogDigest } from './log-digest.ts';
import { LogLines } from './log-lines.ts';

export const LOG_FILE = 'log';
export const TIMES_FILE = 'log.times';

export class PhaseLog {
  readonly #log: number;
  readonly #times: number;
  readonly #directory: string;
  readonly #lines: LogLines;
  #bytes = 0;
  #stamped = NaN;
  #digest: LogDigest = EMPTY_DIGEST;

  /**
   * Begins the log files in a directory.
   *
   * @param onLine called with each line that people see (log-lines.ts)
   */
  constructor(directory: string, onLine: (line: string) => void) {
    this.#directory = directory;
    this.#lines = new LogLines((line) => {
      this.#digest = digestLine(this.#digest, line);
      onLine(line);
    });
    this.#log = openSync(join(directory, LOG_FILE), 'a');
    this.#times = openSync(join(directory, TIMES_FILE), 'a');
  }

  /** Adds bytes that arrived at `now` (milliseconds since 1970). @throws StrataError `environment` where the disk is full. */
  write(chunk: Buffer, now: number): void {
    try {
      // Bytes of the same millisecond share a time.
      if (now !== this.#stamped) {
        this.#stamped = now;
        const stamp = Buffer.alloc(16);
        stamp.writeDoubleLE(this.#bytes, 0);
        stamp.writeDoubleLE(now, 8);
        writeSync(this.#times, stamp);
      }
      for (let at = 0; at < chunk.length;) at += writeSync(this.#log, chunk, at);
    } catch (error) {
      throw describeFileError(`writing the log in ${this.#directory}`, error);
    }
    this.#bytes += chunk.length;
    this.#lines.write(chunk);
  }

  /** Ends the log: gives a last line that has no newline. */
  close(): LogDigest {
    this.#lines.end();
    closeSync(this.#log);
    closeSync(this.#times);
    return this.#digest;
  }
}
