/** What one finished call of strace's text says, put into the recorder. */
import { ownText } from './own-text.ts';
import { absolutePath } from './paths.ts';
import type { FileAccessKind } from './model.ts';
import type { ProcessNumbers } from './process-numbers.ts';
import type { LiveProcess, SyscallRecorder, Target } from './recorder.ts';
import { socketAddress } from './strace-address.ts';
import type { CallShape } from './strace-calls.ts';
import { closingQuote, fileNameEnd, numberAt, resultAt, unescaped } from './strace-syntax.ts';

const QUOTE = 0x22;
const LESS = 0x3c;
const SLASH = 0x2f;
const COMMA = 0x2c;

/** `AT_FDCWD` is -100 (fcntl.h). */
const CURRENT_DIRECTORY = -100;

export class StraceCallReader {
  readonly #recorder: SyscallRecorder;
  readonly #numbers: ProcessNumbers;
  /** Paths by how strace writes them, for each directory they start from; '' is for those that start from the root. */
  readonly #spelled = new Map<string, Map<string, Target>>();
  readonly #fromRoot = new Map<string, Target>();
  /** Directories by how strace writes them. */
  readonly #directories = new Map<string, string>();

  /** The directory before a path that was read last, as strace writes it, and as it is. */
  #lastRaw = '';
  #lastDirectory: string | null = null;

  // Of the argument that was read last, as giving an object back for each line costs too much.
  #base: string | null = null;
  #pathStart = 0;
  #pathEnd = 0;

  constructor(recorder: SyscallRecorder, numbers: ProcessNumbers) {
    this.#recorder = recorder;
    this.#numbers = numbers;
  }

  /**
   * @param args where the arguments begin
   * @param resultPlace where the result begins; -1 where the trace ends before it
   * @returns whether it is understood
   */
  read(
    shape: CallShape,
    text: string,
    args: number,
    resultPlace: number,
    end: number,
    tid: number,
    process: LiveProcess,
    at: number,
  ): boolean {
    const result = resultPlace < 0 ? 'unknown' : resultAt(text, resultPlace);
    if (result === null) return true;
    const argsEnd = resultPlace < 0 ? end : resultPlace;
    switch (shape.kind) {
      case 'path': {
        const target = this.#path(text, args, argsEnd, 0, process);
        if (target === null) return isPointer(text, args, argsEnd);
        if (target < 0) return true;
        let access: FileAccessKind;
        if (shape.access === 'open') {
          access = openedAs(text, this.#pathEnd, argsEnd);
          if (result === 'ok') this.#keepFile(process, text, resultPlace, target);
        } else access = shape.access;
        this.#recorder.record(process, access, target, result, at);
        return true;
      }
      case 'name': {
        // What a rename does not find is the old name.
        const which = result === 'ok' ? 1 : 0;
        if (which === 0 && shape.of === 'text') return true;
        const target = this.#path(text, args, argsEnd, which, process);
        if (target === null) return isPointer(text, args, argsEnd);
        if (target < 0) return true;
        this.#recorder.record(process, which === 1 ? 'created' : 'sought', target, result, at);
        return true;
      }
      case 'map':
        return this.#map(text, args, argsEnd, result, process, at);
      case 'execute': {
        const target = this.#path(text, args, argsEnd, 0, process);
        if (target === null) return isPointer(text, args, argsEnd);
        if (target < 0) return true;
        this.#recorder.record(process, 'executed', target, result, at);
        if (result === 'ok') this.#recorder.execute(process, this.#recorder.pathOf(target));
        return true;
      }
      case 'change-directory': {
        const target = this.#path(text, args, argsEnd, 0, process);
        if (target === null) return isPointer(text, args, argsEnd);
        if (target < 0) return true;
        this.#recorder.record(process, 'sought', target, result, at);
        if (result === 'ok') process.directory = this.#recorder.pathOf(target);
        return true;
      }
      case 'tell-directory': {
        const last = text.charCodeAt(args) === QUOTE ? closingQuote(text, args + 1, argsEnd) : -1;
        if (result === 'ok' && last > 0) process.directory = this.#directory(text, args + 1, last);
        return true;
      }
      case 'change-directory-to-file': {
        if (result !== 'ok') return true;
        const open = text.indexOf('<', args);
        process.directory =
          open >= 0 && open < argsEnd
            ? this.#directory(text, open + 1, argsEnd)
            : (process.files?.get(numberAt(text, args)) ?? null);
        return true;
      }
      case 'change-root':
        // Where it is now is said by `-y` again, or not at all.
        if (result === 'ok') process.directory = null;
        return true;
      case 'make-process': {
        const pid = resultPlace < 0 ? NaN : childNumber(text, resultPlace, end);
        if (pid > 0) this.#numbers.made(tid, process, text.slice(args, argsEnd), pid);
        else this.#numbers.failed(tid);
        return true;
      }
      case 'connect':
      case 'send': {
        const address = socketAddress(text, args, argsEnd);
        if (address === null || (shape.kind === 'send' && address.family === 'other')) return true;
        this.#recorder.record(process, 'connected', this.#recorder.address(address), result, at);
        return true;
      }
      case 'close':
        if (process.files !== null && result === 'ok') process.files.delete(numberAt(text, args));
        return true;
      case 'duplicate':
        this.#duplicate(text, args, resultPlace, result, process);
        return true;
    }
  }

  /** mmap(addr, length, prot, flags, fd, offset). */
  #map(
    text: string,
    args: number,
    end: number,
    result: string,
    process: LiveProcess,
    at: number,
  ): boolean {
    let fd = args;
    for (let commas = 0; commas < 4; commas += 1) {
      fd = text.indexOf(', ', fd) + 2;
      if (fd === 1 || fd >= end) return false;
    }
    const number = numberAt(text, fd);
    if (!(number >= 0)) return true;
    const open = text.indexOf('<', fd);
    let target: Target | null = null;
    if (open >= 0 && open < fd + 12 && open < end) {
      const close = fileNameEnd(text, open + 1, end);
      if (close < 0) return false;
      if (text.charCodeAt(open + 1) !== SLASH && text.charCodeAt(open + 1) !== 0x5c) return true;
      target = this.#target(text, open + 1, close, null);
    } else {
      const file = process.files?.get(number);
      if (file !== undefined) target = this.#recorder.path(file);
    }
    if (target !== null) this.#recorder.record(process, 'mapped', target, result, at);
    return true;
  }

  /** The number of a path; null where there is no string, -1 where the string is empty and names a descriptor's file. */
  #path(
    text: string,
    args: number,
    end: number,
    which: 0 | 1,
    process: LiveProcess,
  ): Target | null {
    let at = this.#string(text, args, end, process);
    if (at >= 0 && which === 1) at = this.#string(text, at + 3, end, process);
    if (at < 0) return null;
    if (this.#pathStart === this.#pathEnd) return -1;
    return this.#target(text, this.#pathStart, this.#pathEnd, this.#base);
  }

  /** Reads a string, with a descriptor before it perhaps; gives where its closing quote is, or -1. */
  #string(text: string, start: number, end: number, process: LiveProcess): number {
    let at = start;
    this.#base = process.directory;
    if (text.charCodeAt(at) !== QUOTE) {
      const isCurrent = text.startsWith('AT_FDCWD', at);
      const number = isCurrent ? CURRENT_DIRECTORY : numberAt(text, at);
      if (Number.isNaN(number)) return -1;
      at += isCurrent ? 8 : 1;
      while (at < end && text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) at += 1;
      if (text.charCodeAt(at) === LESS) {
        // Nearly always the one before.
        const isLast = text.startsWith(this.#lastRaw, at + 1);
        const close = fileNameEnd(text, at + 1 + (isLast ? this.#lastRaw.length : 0), end);
        if (close < 0) return -1;
        if (!isLast || close !== at + 1 + this.#lastRaw.length) {
          this.#lastDirectory = this.#directory(text, at + 1, close);
          this.#lastRaw = ownText(text.slice(at + 1, close));
        }
        this.#base = this.#lastDirectory;
        if (isCurrent) process.directory = this.#base;
        at = text.indexOf('>', close) + 1;
        // `</tmp/x (deleted)>` is part of the name, `</tmp/x>(deleted)` of later versions is not.
        if (text.startsWith('(deleted)', at)) at += 9;
      } else if (number >= 0) this.#base = process.files?.get(number) ?? null;
      if (text.charCodeAt(at) !== COMMA) return -1;
      at += 2;
    }
    if (text.charCodeAt(at) !== QUOTE) return -1;
    const close = closingQuote(text, at + 1, end);
    this.#pathStart = at + 1;
    this.#pathEnd = close;
    return close;
  }

  #target(text: string, start: number, end: number, base: string | null): Target {
    const raw = text.slice(start, end);
    // `\x2f` with -xx.
    const isFromRoot = raw.charCodeAt(0) === SLASH || raw.startsWith('\\x2f');
    let known = this.#fromRoot;
    if (!isFromRoot) {
      const start = base ?? '';
      known = this.#spelled.get(start) ?? new Map<string, Target>();
      if (known.size === 0) this.#spelled.set(start, known);
    }
    const target = known.get(raw);
    if (target !== undefined) return target;
    const number = this.#recorder.path(absolutePath(base, unescaped(raw)));
    known.set(ownText(raw), number);
    return number;
  }

  #directory(text: string, start: number, end: number): string | null {
    const close = fileNameEnd(text, start, end);
    const raw = text.slice(start, close < 0 ? end : close);
    const known = this.#directories.get(raw);
    if (known !== undefined) return known;
    const directory = unescaped(raw);
    // `<socket:[123]>`.
    if (!directory.startsWith('/')) return null;
    this.#directories.set(ownText(raw), directory);
    return directory;
  }

  /** `-y` says of each descriptor what it is; without it, it has to be remembered. */
  #keepFile(process: LiveProcess, text: string, result: number, target: Target): void {
    const number = numberAt(text, result);
    if (text.charCodeAt(result + String(number).length) === LESS) return;
    process.files ??= new Map();
    process.files.set(number, this.#recorder.pathOf(target));
  }

  #duplicate(
    text: string,
    args: number,
    resultPlace: number,
    result: string,
    process: LiveProcess,
  ): void {
    if (process.files === null || result !== 'ok') return;
    const found = text.indexOf(', ', args);
    const comma = found < resultPlace ? found : -1;
    if (comma >= 0 && text.charCodeAt(comma + 2) === 0x46 && !text.startsWith('F_DUPFD', comma + 2))
      return;
    const file = process.files.get(numberAt(text, args));
    const copy = numberAt(text, resultPlace);
    if (file === undefined) process.files.delete(copy);
    else process.files.set(copy, file);
  }
}

/** A path that strace could not read is written as its address: `open(0x7f…, O_RDONLY)`, or `NULL`. */
function isPointer(text: string, start: number, end: number): boolean {
  return /(?:^|, )(?:0x[0-9a-f]+|NULL)[,)]/.test(text.slice(start, Math.min(end, start + 4200)));
}

/** By its flags, which follow the path: `, O_WRONLY|O_CREAT|O_TRUNC, 0666)`, of openat2 `, {flags=O_RDONLY|…`. */
function openedAs(text: string, start: number, end: number): FileAccessKind {
  // The usual one first; O_RDONLY with O_CREAT makes a file too.
  if (text.startsWith('", O_RDONLY)', start) || text.startsWith('", O_RDONLY|O_CLOEXEC)', start)) {
    return 'opened';
  }
  const flags = text.slice(start, Math.min(end, start + 300));
  if (/O_CREAT|O_WRONLY|O_TRUNC/.test(flags)) return 'written';
  return flags.includes('O_PATH') ? 'sought' : 'opened';
}

// `5257`, `5257<bash>`, `2 /* 5257 in strace's PID NS */`: the number outside of the namespace.
function childNumber(text: string, at: number, end: number): number {
  const comment = text.indexOf(' /* ', at);
  return numberAt(text, comment >= 0 && comment < end ? comment + 4 : at);
}
