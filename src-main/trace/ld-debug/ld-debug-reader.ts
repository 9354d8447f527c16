/**
 * Reads what ld.so of glibc 2.26 to 2.43 prints with LD_DEBUG, of any categories, any number of processes, alone or between
 * what programs print themselves.
 *
 * A line of ld.so's begins with twelve bytes: the process id in ten columns, a colon and a tab (_dl_debug_vdprintf in
 * elf/dl-printf.c). Most lines of LD_DEBUG=all tell of symbols: of those no string is made.
 */
import type { NotUnderstood, TracedProcess } from '../lookups.ts';
import { LineSplitter } from './line-splitter.ts';
import { LookupPool, utf8 } from './lookup-pool.ts';
import { printedError } from './own-output.ts';
import { ProcessImage } from './process-image.ts';

export interface LdDebugTrace {
  /**
   * In the order of their first lines. A process that calls exec is one for each program: same id, after another. Processes
   * that did the same hold the same arrays.
   */
  readonly processes: readonly TracedProcess[];
  /** Lines of ld.so's; 0 where the text is none of LD_DEBUG's. */
  readonly lines: number;
  /** Lines of ld.so's that it is not known to say. What programs printed is not counted. */
  readonly notUnderstood: NotUnderstood;
}

const TAG = 12;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const ZERO = 0x30;
const NINE = 0x39;

/** A fatal error without a process id is looked for among so many processes. */
const MOST_RECENT = 32;

const MOST_SAMPLES = 5;
const LONGEST_SAMPLE = 200;

/**
 * @example
 * const reader = new LdDebugReader();
 * for await (const chunk of file) reader.write(chunk);
 * const { processes } = reader.end();
 */
export class LdDebugReader {
  readonly #pool: LookupPool;
  readonly #lines = new LineSplitter((bytes, start, end) => this.#line(bytes, start, end));
  /** The running program of each process. */
  readonly #images = new Map<number, ProcessImage>();
  readonly #processes: (ProcessImage | TracedProcess)[] = [];
  readonly #places = new Map<ProcessImage, number>();
  #latest: ProcessImage | null = null;
  /** Those that spoke last, the latest at the end. */
  readonly #recent = new Set<ProcessImage>();
  /** A search path that was broken by another process's line, up to there. */
  #broken: { readonly pid: number; readonly text: string } | null = null;
  #count = 0;
  #unknown = 0;
  readonly #samples: string[] = [];

  /** @param pool what is shared with the readers of other files */
  constructor(pool = new LookupPool()) {
    this.#pool = pool;
  }

  /** Takes bytes as they come. They are the caller's again afterwards. Never throws, whatever they are. */
  write(chunk: Buffer): void {
    this.#lines.write(chunk);
  }

  /** Nothing may be written after it. */
  end(): LdDebugTrace {
    const isCut = this.#lines.end();
    if (this.#broken !== null) this.#notUnderstood(this.#broken.text);
    const processes = this.#processes.map((process) =>
      process instanceof ProcessImage ? process.finish(isCut && process === this.#latest) : process,
    );
    return {
      processes,
      lines: this.#count,
      notUnderstood: { lines: this.#unknown, samples: this.#samples },
    };
  }

  #line(bytes: Buffer, start: number, end: number): void {
    const pid = tagAt(bytes, start, end);
    if (pid === -1) this.#otherLine(bytes, start, end);
    else this.#ownLine(pid, bytes, start + TAG, end);
  }

  #ownLine(pid: number, bytes: Buffer, start: number, end: number): void {
    this.#count += 1;
    if (start === end) {
      this.#image(pid).emptyLine();
      return;
    }
    if (isOfSymbols(bytes, start, end) || isOfLayout(bytes, start)) return;
    const text = bytes.toString('latin1', start, end);
    const message = this.#pool.message(text);
    if (message === 'of-no-interest' || message === null || message.kind === 'unfinished') {
      const next = innerTag(bytes, start, end);
      if (next !== -1) {
        this.#count -= 1;
        this.#ownLine(pid, bytes, start, next);
        this.#line(bytes, next, end);
      } else if (message === null) this.#notUnderstood(text);
      else if (message !== 'of-no-interest') this.#broke(pid, text);
      return;
    }
    // Also a message that is whole may hold another: a path is anything up to the end of the line.
    if (text.includes(':\t')) {
      const next = innerTag(bytes, start, end);
      if (next !== -1) {
        this.#ownLine(pid, bytes, start, next);
        this.#line(bytes, next, end);
        return;
      }
    }
    const image = this.#image(pid);
    const now = image.take(message);
    if (now !== image) this.#replace(image, now);
  }

  /** A line that is not ld.so's from its beginning: it may be later, where what the program printed had no line feed. */
  #otherLine(bytes: Buffer, start: number, end: number): void {
    const tag = innerTag(bytes, start, end);
    const last = tag === -1 ? end : tag;
    if (last > start) this.#otherText(bytes.toString('latin1', start, last));
    if (tag !== -1) this.#line(bytes, tag, end);
  }

  #otherText(latin1: string): void {
    const broken = this.#broken;
    if (broken !== null && (latin1.startsWith(':') || latin1.startsWith('\t\t('))) {
      const text = broken.text + latin1;
      const message = this.#pool.message(text);
      this.#broken = null;
      if (message !== null && message !== 'of-no-interest' && message.kind !== 'unfinished') {
        this.#images.get(broken.pid)?.take(message);
      } else this.#broken = { pid: broken.pid, text };
      return;
    }
    const printed = printedError(utf8(latin1));
    if (printed === null) return;
    const { error, program } = printed;
    const latest = this.#latest;
    // As a rule the last to speak; it is another where several processes do.
    const library = error.library;
    let image = latest;
    if (library !== null && latest?.hasMissed(library) !== true) {
      image = this.#whoMissed(library) ?? latest;
    }
    image?.printedError(this.#pool.error(error), program);
  }

  #whoMissed(library: string): ProcessImage | null {
    return [...this.#recent].findLast((image) => image.hasMissed(library)) ?? null;
  }

  #image(pid: number): ProcessImage {
    const latest = this.#latest;
    if (latest !== null && latest.pid === pid) return latest;
    let image = this.#images.get(pid);
    if (image === undefined) {
      image = new ProcessImage(pid, this.#pool);
      this.#add(image);
    }
    this.#speaks(image);
    return image;
  }

  #add(image: ProcessImage): void {
    this.#images.set(image.pid, image);
    this.#places.set(image, this.#processes.length);
    this.#processes.push(image);
  }

  #speaks(image: ProcessImage): void {
    this.#latest = image;
    this.#recent.delete(image);
    this.#recent.add(image);
    if (this.#recent.size > MOST_RECENT) {
      for (const oldest of this.#recent) {
        this.#recent.delete(oldest);
        break;
      }
    }
  }

  /** The process has called exec. */
  #replace(before: ProcessImage, now: ProcessImage): void {
    const place = this.#places.get(before);
    if (place !== undefined) this.#processes[place] = before.finish(false);
    this.#places.delete(before);
    this.#recent.delete(before);
    this.#add(now);
    this.#speaks(now);
  }

  #broke(pid: number, text: string): void {
    if (this.#broken !== null) this.#notUnderstood(this.#broken.text);
    this.#broken = { pid, text };
  }

  #notUnderstood(latin1: string): void {
    this.#unknown += 1;
    if (this.#samples.length < MOST_SAMPLES) {
      this.#samples.push(utf8(latin1.slice(0, LONGEST_SAMPLE)));
    }
  }
}

/** The process id of the tag that begins there; -1 where none does. */
function tagAt(bytes: Buffer, start: number, end: number): number {
  if (end - start < TAG || bytes[start + 11] !== TAB || bytes[start + 10] !== COLON) return -1;
  let at = start;
  const last = start + 10;
  while (at < last && bytes[at] === SPACE) at += 1;
  if (at === last) return -1;
  let pid = 0;
  for (; at < last; at += 1) {
    const digit = bytes[at] ?? 0;
    if (digit < ZERO || digit > NINE) return -1;
    pid = pid * 10 + (digit - ZERO);
  }
  return pid;
}

/** Where the first tag begins after the first byte; -1 where there is none. */
function innerTag(bytes: Buffer, start: number, end: number): number {
  for (let tab = start + TAG; tab < end; tab += 1) {
    if (bytes[tab] === TAB && tagAt(bytes, tab - 11, end) !== -1) return tab - 11;
  }
  return -1;
}

/**
 * `symbol=`, `checking for version`, and `binding file …` where no other line broke it: of LD_DEBUG=all they are nearly all
 * lines.
 */
function isOfSymbols(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start];
  if (first === 0x73) return bytes[start + 1] === 0x79 && bytes[start + 6] === 0x3d;
  if (first === 0x63) return bytes[start + 1] === 0x68 && bytes[start + 8] === SPACE;
  if (first !== 0x62 || bytes[start + 1] !== 0x69 || bytes[start + 7] !== SPACE) return false;
  // "binding …" is written in two pieces, of which the second is " [VERSION]" or nothing.
  const last = bytes[end - 1];
  return last === 0x5d || last === 0x27;
}

/** `  dynamic: …` and `    entry: …`, which are all different. */
function isOfLayout(bytes: Buffer, start: number): boolean {
  if (bytes[start] !== SPACE || bytes[start + 1] !== SPACE) return false;
  const third = bytes[start + 2];
  return (
    third === 0x64 || (third === SPACE && bytes[start + 3] === SPACE && bytes[start + 4] === 0x65)
  );
}
