/**
 * Reads what `strace` writes, with and without `-f`, `-y`, `-yy`, `-x`, `-xx`, `-T`, `-i` and any kind of time, from `-o FILE`,
 * from each file of `-ff` and from standard error, where the program's own output stands between (seen in strace 5.10 to 6.12).
 *
 * How to record, so that nothing has to be guessed:
 *
 *     strace --seccomp-bpf -f --decode-pids=pidns -ttt -y -e trace=%file,%process,%network,mmap,fchdir,close -o FILE COMMAND
 *
 * `-y` names the directory that a relative path starts from; `--decode-pids=pidns` (strace 5.12) gives children of a sandbox
 * with process numbers of its own the numbers they have outside.
 */
import type { ProcessEnd, TraceReader } from './model.ts';
import { LineSplitter } from './line-splitter.ts';
import { ownText } from './own-text.ts';
import { ProcessNumbers } from './process-numbers.ts';
import type { LiveProcess, SyscallRecorder } from './recorder.ts';
import { CALLS } from './strace-calls.ts';
import { StraceCallReader } from './strace-call-reader.ts';
import { numberAt, resultStart } from './strace-syntax.ts';
import { TimeOfDay } from './time-of-day.ts';

/** Linux gives no process a higher number (proc(5), pid_max): what is higher is a time. */
const HIGHEST_PID = 4_194_304;

/** Seconds. What is less is no time since 1970 but one since the line before (`-r`). */
const FIRST_EPOCH_SECOND = 100_000_000;

/** A call that goes on after other lines; one that strace no longer followed; one of a thread that became another. */
const UNFINISHED = /<(?:unfinished|detached|pid changed to \d{1,7}) \.\.\.>$/;
const OPENING = 0x28;
const SPACE = 0x20;

export class StraceReader implements TraceReader {
  readonly #recorder: SyscallRecorder;
  readonly #numbers: ProcessNumbers;
  readonly #calls: StraceCallReader;
  readonly #lines = new LineSplitter((text, start, end, whole) => {
    if (!whole || !this.#line(text, start, end)) {
      this.#recorder.unread.add(text.slice(start, Math.min(end, start + 1000)));
    }
  });
  /** What is not finished yet, by thread: the call as far as it was written. */
  readonly #unfinished = new Map<number, string>();
  /** Milliseconds; of the line that is read, or the last one with a time. */
  #time = NaN;
  readonly #timeOfDay = new TimeOfDay();
  /** The kind of time that the lines have. */
  #clock: 'epoch' | 'midnight' | 'start' | null = null;

  /** @param pid the process whose lines have no number of their own: of the files of `-ff` it is the end of the name */
  constructor(recorder: SyscallRecorder, pid: number | null = null) {
    this.#recorder = recorder;
    this.#numbers = new ProcessNumbers(recorder, pid);
    this.#calls = new StraceCallReader(recorder, this.#numbers);
  }

  write(chunk: Buffer): void {
    this.#lines.write(chunk);
  }

  end(): void {
    this.#lines.end();
    // What a killed process was about: it was tried, and nobody knows with what result.
    for (const [tid, text] of this.#unfinished) {
      const process = this.#numbers.known(tid);
      if (process !== undefined) this.#callIn(text, 0, text.length, tid, process, 'cut');
    }
    this.#unfinished.clear();
  }

  /** Gives whether it is understood. */
  #line(text: string, start: number, lineEnd: number): boolean {
    let end = lineEnd;
    if (text.charCodeAt(end - 1) === 0x0d) end -= 1;
    let at = start;
    while (text.charCodeAt(at) === SPACE && at < end) at += 1;
    if (at >= end) return true;

    let tid = NaN;
    if (text.startsWith('[pid ', at)) {
      at += 5;
      while (text.charCodeAt(at) === SPACE) at += 1;
      tid = numberAt(text, at);
      at = text.indexOf(']', at) + 1;
      if (at === 0 || at >= end || !(tid <= HIGHEST_PID)) return false;
    } else {
      const number = numberAt(text, at);
      if (number <= HIGHEST_PID) {
        const after = numberEnd(text, at);
        const next = text.charCodeAt(after);
        if (next === SPACE) {
          tid = number;
          at = after;
        } else if (next === 0x3c) {
          // --decode-pids=comm: `5256<bash> `.
          const close = text.indexOf('> ', after);
          if (close < 0 || close >= end) return false;
          tid = number;
          at = close + 1;
        }
      }
    }
    while (text.charCodeAt(at) === SPACE && at < end) at += 1;
    at = this.#readTime(text, at, end);
    // -n and -i: `[ 257] `, `[00007f8f9e48ba10] `.
    while (text.charCodeAt(at) === 0x5b && at < end) {
      if (text.startsWith('[ Process PID=', at)) return true;
      const close = text.indexOf('] ', at);
      if (close < 0 || close - at > 24) return false;
      at = close + 2;
    }
    return at < end && this.#body(text, at, end, tid);
  }

  #body(text: string, at: number, end: number, tid: number): boolean {
    switch (text.charCodeAt(at)) {
      case 0x2c:
      case 0x29:
        return this.#continued(text, at, end);
      case 0x2d:
        return text.startsWith('--- ', at) && text.startsWith(' ---', end - 4);
      case 0x2b:
        return text.startsWith('+++ ', at) && this.#ending(text.slice(at, end), tid);
      case 0x3c:
        // The rest of a line in which strace remarked something.
        if (this.#interrupted !== null && text.startsWith('<unfinished ...>', at)) return true;
        return text.startsWith('<... ', at) && this.#resumed(text, at, end, tid);
      case 0x3e:
        // -k: ` > /lib/x86_64-linux-gnu/libc.so.6(open+0x55) [0x1234]`.
        return text.startsWith('> /', at);
      case 0x73:
        if (text.startsWith('strace: ', at)) return this.#remark(text.slice(at, end));
    }
    return this.#call(text, at, end, tid);
  }

  #call(text: string, at: number, end: number, tid: number): boolean {
    let paren = at;
    while (isNameCharacter(text.charCodeAt(paren)) && paren < end) paren += 1;
    if (text.charCodeAt(paren) !== OPENING || paren === at || paren - at > 40) return false;
    const process = this.#numbers.of(tid, this.#time);
    const key = this.#numbers.key(tid);
    if (text.endsWith(' ...>', end)) {
      const mark = UNFINISHED.exec(text.slice(Math.max(paren, end - 40), end));
      if (mark !== null) {
        let stop = end - mark[0].length;
        while (text.charCodeAt(stop - 1) === SPACE) stop -= 1;
        return this.#begun(text, at, stop, key, process);
      }
    }
    const attached = this.#attached(text, at, end);
    if (attached !== null) {
      this.#begun(text, at, attached.at, key, process);
      this.#numbers.attached(attached.pid, process);
      this.#interrupted = key;
      return true;
    }
    return this.#callIn(text, at, end, key, process, 'whole', text.slice(at, paren));
  }

  /** The thread whose line was interrupted by a remark of strace. */
  #interrupted: number | null = null;

  /** The rest of such a line: `, child_tidptr=0x7f05b43d4a10) = 5179`. */
  #continued(text: string, at: number, end: number): boolean {
    const key = this.#interrupted;
    const begun = key === null ? undefined : this.#unfinished.get(key);
    this.#interrupted = null;
    if (key === null || begun === undefined) return false;
    this.#unfinished.delete(key);
    const whole = begun + text.slice(at, end);
    const process = this.#numbers.of(key, this.#time);
    return this.#callIn(whole, 0, whole.length, key, process, 'whole');
  }

  /** On standard error `strace: Process 12 attached` may come in the middle of the line of the clone that made it. */
  #attached(
    text: string,
    at: number,
    end: number,
  ): { readonly at: number; readonly pid: number } | null {
    // `d` of attached; a result ends with a digit, a parenthesis, a bracket or a question mark.
    if (text.charCodeAt(end - 1) !== 0x64) return null;
    const found = /strace: Process (\d{1,7}) attached$/.exec(text.slice(at, end));
    return found === null ? null : { at: at + found.index, pid: Number(found[1]) };
  }

  #begun(text: string, at: number, end: number, tid: number, process: LiveProcess): boolean {
    const name = nameAt(text, at);
    const shape = CALLS.get(name);
    // Of the others the name will do: the rest of the line is not looked at.
    const words = shape === undefined ? `${name}(` : ownText(text.slice(at, end));
    this.#unfinished.set(tid, words);
    if (shape?.kind === 'make-process') this.#numbers.making(tid, process, words);
    return true;
  }

  #resumed(text: string, at: number, end: number, tid: number): boolean {
    const mark = text.indexOf(' resumed>', at);
    if (mark < 0 || mark >= end) return false;
    const process = this.#numbers.of(tid, this.#time);
    const key = this.#numbers.key(tid);
    const begun = this.#takeUnfinished(key);
    const name = text.slice(at + 5, mark);
    if (!begun?.startsWith(`${name}(`)) return !CALLS.has(name);
    if (!CALLS.has(name)) return true;
    const whole = `${begun} ${text.slice(mark + 9, end)}`;
    return this.#callIn(whole, 0, whole.length, key, process, 'whole');
  }

  #takeUnfinished(tid: number): string | undefined {
    // The first process on standard error was without a number when it began.
    const key = this.#unfinished.has(tid) || this.#numbers.known(0) !== undefined ? tid : 0;
    const begun = this.#unfinished.get(key);
    this.#unfinished.delete(key);
    return begun;
  }

  #callIn(
    text: string,
    at: number,
    end: number,
    tid: number,
    process: LiveProcess,
    as: 'whole' | 'cut',
    name = nameAt(text, at),
  ): boolean {
    const args = at + name.length + 1;
    const shape = CALLS.get(name);
    if (shape === undefined) return as === 'cut' || resultStart(text, args - 1, end) >= 0;
    const result = as === 'cut' ? -1 : resultStart(text, args - 1, end);
    if (as === 'whole' && result < 0) return false;
    return this.#calls.read(shape, text, args, result, end, tid, process, this.#time);
  }

  /** `+++ exited with 0 +++`, `+++ killed by SIGKILL (core dumped) +++`, `+++ superseded by execve in pid 12 +++`. */
  #ending(words: string, tid: number): boolean {
    const superseded = /^\+\+\+ superseded by execve in pid (\d{1,7})/.exec(words);
    if (superseded !== null) {
      const other = Number(superseded[1]);
      const key = this.#numbers.key(tid);
      const begun = this.#unfinished.get(other);
      this.#unfinished.delete(other);
      if (begun !== undefined) this.#unfinished.set(key, begun);
      this.#numbers.of(tid, this.#time);
      this.#numbers.threadEnded(other);
      return true;
    }
    const exited = /^\+\+\+ exited with (\d{1,10})/.exec(words);
    const killed = /^\+\+\+ killed by (SIG[A-Z0-9+_]{1,16})/.exec(words);
    const end: ProcessEnd | null =
      exited !== null
        ? { kind: 'exited', status: Number(exited[1]) }
        : killed !== null
          ? { kind: 'killed', signal: ownText(killed[1] ?? '') }
          : null;
    if (end === null) return words.endsWith(' +++');
    const process = this.#numbers.of(tid, this.#time);
    const key = this.#numbers.key(tid);
    const begun = this.#unfinished.get(key);
    this.#unfinished.delete(key);
    if (begun !== undefined) this.#callIn(begun, 0, begun.length, key, process, 'cut');
    this.#numbers.ended(key, process, end, this.#time);
    return true;
  }

  #remark(words: string): boolean {
    const attached = /^strace: Process (\d{1,7}) attached/.exec(words);
    if (attached !== null) this.#numbers.attached(Number(attached[1]), null);
    return true;
  }

  /** Gives the place behind the time; where there is none, the place itself. */
  #readTime(text: string, at: number, end: number): number {
    let whole = 0;
    let next = at;
    for (; isDigit(text.charCodeAt(next)); next += 1) {
      whole = whole * 10 + text.charCodeAt(next) - 0x30;
    }
    if (next === at) return at;
    let ms = whole * 1000;
    let clock: 'epoch' | 'midnight' | 'start' = whole >= FIRST_EPOCH_SECOND ? 'epoch' : 'start';
    if (text.charCodeAt(next) === 0x3a) {
      const minutes = numberAt(text, next + 1);
      const seconds = numberAt(text, next + 4);
      if (!(minutes < 60 && seconds < 61 && text.charCodeAt(next + 3) === 0x3a)) return at;
      ms = ((whole * 60 + minutes) * 60 + seconds) * 1000;
      clock = 'midnight';
      next += 6;
    }
    if (text.charCodeAt(next) === 0x2e) {
      let fraction = 0;
      let divisor = 1;
      for (next += 1; isDigit(text.charCodeAt(next)); next += 1) {
        fraction = fraction * 10 + text.charCodeAt(next) - 0x30;
        divisor *= 10;
      }
      if (divisor === 1) return at;
      ms += (fraction * 1000) / divisor;
    }
    if (text.charCodeAt(next) !== SPACE || next >= end) return at;
    this.#clock ??= clock;
    if (this.#clock === clock) this.#advance(clock, ms);
    while (text.charCodeAt(next) === SPACE) next += 1;
    return next;
  }

  #advance(clock: 'epoch' | 'midnight' | 'start', ms: number): void {
    this.#recorder.timesSince(clock);
    if (clock === 'start') {
      this.#time = (Number.isNaN(this.#time) ? 0 : this.#time) + ms;
      return;
    }
    this.#time = clock === 'midnight' ? this.#timeOfDay.read(ms) : ms;
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function numberEnd(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

function nameAt(text: string, at: number): string {
  let end = at;
  while (isNameCharacter(text.charCodeAt(end))) end += 1;
  return text.slice(at, end);
}

/** Of the names of system calls; strace also writes `syscall_0x1c3(`. */
function isNameCharacter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || code === 0x5f || (code >= 0x30 && code <= 0x39);
}
