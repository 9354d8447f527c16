/**
 * Reads what ld.so of glibc 2.26 to 2.43 prints with LD_DEBUG, of any categories, any number of processes, alone or between
 * what programs print themselves.
 *
 * Most lines of LD_DEBUG=all tell of symbols: of those no string is made.
 */
import type { NotUnderstood, TracedProcess } from '../lookups.ts';
import { LineSplitter } from './line-splitter.ts';
import { LookupPool } from './lookup-pool.ts';
import { utf8 } from './message-table.ts';
import { parseMessage, type Message } from './message.ts';
import { printedError } from './own-output.ts';
import { ProcessImage } from './process-image.ts';
import { TAG_LENGTH, innerTag, tagAt } from './tag.ts';

export interface LdDebugTrace {
  /**
   * In the order of their first lines. A process that calls exec is one for each program: same id, after another. Processes
   * that did the same hold the same arrays. Forks that looked for nothing are left out.
   */
  readonly processes: readonly TracedProcess[];
  /** Lines of ld.so's; 0 where the text is none of LD_DEBUG's. */
  readonly lines: number;
  /** Lines of ld.so's that it is not known to say. What programs printed is not counted. */
  readonly notUnderstood: NotUnderstood;
}

const SPACE = 0x20;

/** Bytes of one that is put together. */
const LONGEST_SEARCH_PATH = 1024 * 1024;

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
    const processes = this.#processes
      .filter((process) => !(process instanceof ProcessImage && process.isSilent))
      .map((process) =>
        process instanceof ProcessImage
          ? process.finish(isCut && process === this.#latest)
          : process,
      );
    return {
      processes,
      lines: this.#count,
      notUnderstood: { lines: this.#unknown, samples: this.#samples },
    };
  }

  /** Lines can stand in one: what a program printed had no line feed yet, or another process came between. */
  #line(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at !== -1;) {
      const pid = tagAt(bytes, at, end);
      at = pid === -1 ? this.#other(bytes, at, end) : this.#own(pid, bytes, at + TAG_LENGTH, end);
    }
  }

  /** Takes what ld.so says in bytes[start, end). Gives where another tag begins; -1 where none does. */
  #own(pid: number, bytes: Buffer, start: number, end: number): number {
    this.#count += 1;
    if (start === end) {
      this.#image(pid).emptyLine();
      return -1;
    }
    if (isOfSymbols(bytes, start, end) || isOfLayout(bytes, start)) return -1;
    const message = this.#pool.messages.message(bytes, start, end);
    if (message === 'broken') {
      const next = innerTag(bytes, start, end);
      this.#own(pid, bytes, start, next);
      return next;
    }
    if (message === null) this.#notUnderstood(bytes.toString('latin1', start, end));
    else if (message !== 'of-no-interest') this.#take(pid, message, bytes, start, end);
    return -1;
  }

  #take(pid: number, message: Message, bytes: Buffer, start: number, end: number): void {
    if (message.kind === 'unfinished') {
      if (this.#broken !== null) this.#notUnderstood(this.#broken.text);
      this.#broken = { pid, text: bytes.toString('latin1', start, end) };
      return;
    }
    const image = this.#image(pid);
    const now = image.take(message);
    if (now !== image) this.#replace(image, now);
  }

  /** Takes what is not ld.so's from its beginning. Gives where a tag begins; -1 where none does. */
  #other(bytes: Buffer, start: number, end: number): number {
    const tag = innerTag(bytes, start, end);
    const last = tag === -1 ? end : tag;
    if (last > start) this.#otherText(bytes.toString('latin1', start, last));
    return tag;
  }

  #otherText(latin1: string): void {
    const broken = this.#broken;
    if (broken !== null && (latin1.startsWith(':') || latin1.startsWith('\t\t('))) {
      this.#broken = null;
      const bytes = Buffer.from(broken.text + latin1, 'latin1');
      const message = bytes.length > LONGEST_SEARCH_PATH ? null : parseMessage(bytes.toString());
      if (message === null || message === 'of-no-interest') this.#notUnderstood(broken.text);
      else this.#take(broken.pid, message, bytes, 0, bytes.length);
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

  #notUnderstood(latin1: string): void {
    this.#unknown += 1;
    if (this.#samples.length < MOST_SAMPLES) {
      this.#samples.push(utf8(latin1.slice(0, LONGEST_SAMPLE)));
    }
  }
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
