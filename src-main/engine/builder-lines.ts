/**
 * What the builders of one build by Nix print, in a file a derivation: a line is the time of its arrival in base 36
 * (milliseconds since 1970; 0 where nobody knows), a space and its text. Where each 256th line begins is kept, so a million
 * lines take 32 KB.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFileError } from '../host/durable.ts';
import type { BuilderLine } from '../nix/build-log.ts';
import { searchLines, type FoundLines, type LineBlock, type LineQuery } from './line-search.ts';

/** Lines between two offsets that are kept. */
const STRIDE = 256;

/** Text that waits for its file, of all derivations (UTF-16 units). */
const MOST_PENDING = 1024 * 1024;

/** Longer lines are cut off: a front shows none of them (UTF-16 units). */
const LONGEST = 64 * 1024;

const BLOCK = 256 * 1024;

/** A stretch that is searched is not made longer than this (bytes), unless {@link STRIDE} lines are. */
const MOST_SEARCHED = 1024 * 1024;

interface Printed {
  readonly file: string;
  /** Offsets in the file of the lines 0, STRIDE, 2·STRIDE, …. */
  readonly offsets: number[];
  lines: number;
  /** Bytes, those that wait included. */
  bytes: number;
  pending: string[];
}

export class BuilderLines {
  readonly #directory: string;
  /** By derivation. */
  readonly #printed = new Map<string, Printed>();
  #pending = 0;
  /** Files that were begun. */
  #files = 0;

  /** @param directory for the files; made here, removed by {@link remove} */
  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  /** @throws StrataError `environment` where the disk is full. */
  readonly take = ({ derivation, text, at }: BuilderLine): void => {
    const printed = this.#of(derivation);
    const shown = text
      .replace(/[\n\r]+$/, '')
      .replaceAll('\n', ' ')
      .slice(0, LONGEST);
    const line = `${(at ?? 0).toString(36)} ${shown}\n`;
    if (printed.lines % STRIDE === 0) printed.offsets.push(printed.bytes);
    printed.lines += 1;
    printed.bytes += Buffer.byteLength(line);
    printed.pending.push(line);
    this.#pending += line.length;
    if (this.#pending > MOST_PENDING) this.flush();
  };

  /** Writes what waits. @throws StrataError `environment` where the disk is full. */
  flush(): void {
    for (const { file, pending } of this.#printed.values()) {
      if (pending.length === 0) continue;
      try {
        appendFileSync(file, pending.join(''));
      } catch (error) {
        throw describeFileError(`writing the log in ${this.#directory}`, error);
      }
      pending.length = 0;
    }
    this.#pending = 0;
  }

  /** Lines from `from` (0 is the first), as many as there are. */
  async read(
    derivation: string,
    from: number,
    count: number,
  ): Promise<{ text: string; at: number }[]> {
    const printed = this.#printed.get(derivation);
    const wanted = Math.min(count, (printed?.lines ?? 0) - from);
    if (printed === undefined || wanted <= 0) return [];
    this.flush();
    const begin = printed.offsets[Math.floor(from / STRIDE)] ?? 0;
    const last = printed.offsets[Math.ceil((from + wanted) / STRIDE)] ?? printed.bytes;
    const handle = await open(printed.file, 'r');
    try {
      const skipped = from % STRIDE;
      const lines = await readStretch(handle, begin, last);
      return lines.slice(skipped, skipped + wanted).map((line) => {
        const space = line.indexOf(' ');
        return { text: line.slice(space + 1), at: Number.parseInt(line.slice(0, space), 36) };
      });
    } finally {
      await handle.close();
    }
  }

  /**
   * Numbers of the lines that match, of those that have been printed when it begins.
   *
   * @throws StrataError `usage` for what is no regular expression, or one that takes too long.
   */
  async search(derivation: string, query: LineQuery, signal: AbortSignal): Promise<FoundLines> {
    return searchLines(this.#blocks(derivation, signal), query, signal);
  }

  async *#blocks(derivation: string, signal: AbortSignal): AsyncGenerator<LineBlock> {
    const printed = this.#printed.get(derivation);
    if (printed === undefined) return;
    this.flush();
    const { file, bytes } = printed;
    const offsets = [...printed.offsets, bytes];
    const handle = await open(file, 'r');
    try {
      for (let first = 0; first + 1 < offsets.length;) {
        signal.throwIfAborted();
        const begin = offsets[first] ?? bytes;
        let end = first + 1;
        while ((offsets[end + 1] ?? Infinity) - begin <= MOST_SEARCHED) end += 1;
        const lines = await readStretch(handle, begin, offsets[end] ?? bytes);
        yield {
          from: first * STRIDE,
          texts: lines.map((line) => line.slice(line.indexOf(' ') + 1)),
        };
        first = end;
      }
    } finally {
      await handle.close();
    }
  }

  /** All begins anew: what was printed before is not read any more. */
  restart(): void {
    this.#printed.clear();
    this.#pending = 0;
  }

  async remove(): Promise<void> {
    this.#printed.clear();
    await rm(this.#directory, { recursive: true, force: true });
  }

  #of(derivation: string): Printed {
    const known = this.#printed.get(derivation);
    if (known !== undefined) return known;
    const file = join(this.#directory, `${this.#files}.log`);
    this.#files += 1;
    const printed: Printed = { file, offsets: [], lines: 0, bytes: 0, pending: [] };
    this.#printed.set(derivation, printed);
    return printed;
  }
}

/** The lines of a file from an offset at which one begins up to one at which another ends. */
async function readStretch(handle: FileHandle, from: number, to: number): Promise<string[]> {
  const chunks: Buffer[] = [];
  for (let at = from; at < to;) {
    const buffer = Buffer.allocUnsafe(Math.min(BLOCK, to - at));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return Buffer.concat(chunks).toString('utf8').split('\n').slice(0, -1);
}
