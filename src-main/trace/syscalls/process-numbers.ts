/**
 * Which process a line of strace is about. The lines name threads; a thread belongs to a process, numbers are used again,
 * and a child's lines may come before the line of the call that made it.
 */
import type { ProcessEnd } from './model.ts';
import type { LiveProcess, Making, SyscallRecorder } from './recorder.ts';

export class ProcessNumbers {
  readonly #recorder: SyscallRecorder;
  readonly #threads = new Map<number, LiveProcess>();
  /** Calls under way, by the thread that makes them. */
  readonly #making = new Map<number, Making>();
  /** The number for lines without one. */
  #own: number;

  constructor(recorder: SyscallRecorder, own: number | null) {
    this.#recorder = recorder;
    this.#own = own ?? 0;
  }

  /** The process of a thread; one that was not met is a new one. NaN stands for lines without a number. */
  of(tid: number, at: number): LiveProcess {
    const key = this.key(tid);
    const process = this.#threads.get(key);
    return process ?? this.#meet(key, at);
  }

  /** The number under which a thread is known here. */
  key(tid: number): number {
    if (!Number.isNaN(tid)) return tid;
    // On standard error only the last process that is left has no number.
    if (this.#threads.has(this.#own) || this.#threads.size !== 1) return this.#own;
    for (const only of this.#threads.keys()) return only;
    return this.#own;
  }

  known(tid: number): LiveProcess | undefined {
    return this.#threads.get(tid);
  }

  /** A call that makes a process has begun: its words as far as they are there. */
  making(tid: number, by: LiveProcess, words: string): void {
    this.#making.set(tid, this.#recorder.making(by, whatIsMade(words)));
  }

  /** strace says that it traces a process now, perhaps within the line of the call of `maker` that made it. */
  attached(pid: number, maker: LiveProcess | null): void {
    if (maker === null || this.#threads.has(pid)) return;
    for (const [tid, making] of this.#making) {
      if (making.by !== maker) continue;
      this.#making.delete(tid);
      this.#recorder.announced.set(pid, making);
      return;
    }
  }

  /**
   * A call that makes a process has succeeded.
   *
   * @param pid what it gave: the child's number, which in a process number namespace is not the one that lines begin with
   */
  made(tid: number, by: LiveProcess, words: string, pid: number): void {
    this.#making.delete(tid);
    const making = this.#recorder.making(by, whatIsMade(words));
    const child = this.#threads.get(pid);
    const wasMet = this.#claimed.delete(tid);
    if (child !== undefined && child !== by) {
      if (making.what === 'thread') this.#join(pid, child, by);
      else if (child.parent === null) this.#recorder.adopt(child, by);
      return;
    }
    // Met already, under another number than the call gave.
    if (wasMet) return;
    const earlier = this.#recorder.orphan(pid);
    if (earlier !== undefined && earlier !== by) this.#recorder.adopt(earlier, by);
    else this.#recorder.announced.set(pid, making);
  }

  failed(tid: number): void {
    this.#making.delete(tid);
    this.#claimed.delete(tid);
  }

  /** A thread, and with the last of them their process. */
  ended(tid: number, process: LiveProcess, end: ProcessEnd, at: number): void {
    this.#threads.delete(tid);
    this.#making.delete(tid);
    if (process.pid !== tid) return;
    this.#recorder.end(process, end, at);
  }

  threadEnded(tid: number): void {
    const process = this.#threads.get(tid);
    if (process?.pid !== tid) this.#threads.delete(tid);
  }

  /** Threads whose call made a child that was met before the call had ended. */
  readonly #claimed = new Set<number>();

  #meet(tid: number, at: number): LiveProcess {
    const announced = this.#recorder.announced.get(tid);
    this.#recorder.announced.delete(tid);
    const own = announced === undefined ? this.#adoptOwn(tid) : null;
    if (own !== null) return own;
    const making = announced ?? this.#guessMaking();
    if (making === null) return this.#begin(tid, null, at);
    if (making.what === 'thread') {
      this.#threads.set(tid, making.by);
      return making.by;
    }
    return this.#begin(tid, making, at);
  }

  #begin(tid: number, making: Making | null, at: number): LiveProcess {
    const process = this.#recorder.start(tid, making, at);
    this.#threads.set(tid, process);
    return process;
  }

  /**
   * How a process that nobody announced was made: a call is under way, or its child was announced by the number it has in a
   * process number namespace. Of several it can be any; that matters only where different processes make them.
   */
  #guessMaking(): Making | null {
    const { announced } = this.#recorder;
    const source: Map<number, Making> = this.#making.size > 0 ? this.#making : announced;
    const [first, ...others] = source;
    if (first === undefined) return null;
    const [number, making] = first;
    if (others.some(([, { by, what }]) => by !== making.by || what !== making.what)) return null;
    source.delete(number);
    if (source !== announced) this.#claimed.add(number);
    return making;
  }

  /** On standard error the first process has no number until there is a second: then it is this one. */
  #adoptOwn(tid: number): LiveProcess | null {
    const own = this.#threads.get(this.#own);
    if (this.#own !== 0 || own === undefined || tid === 0) return null;
    this.#threads.delete(0);
    this.#own = tid;
    own.pid = tid;
    this.#threads.set(tid, own);
    return own;
  }

  /** What was taken for a process is a thread of another. */
  #join(tid: number, child: LiveProcess, process: LiveProcess): void {
    this.#recorder.join(child, process);
    for (const [other, owner] of this.#threads) {
      if (owner === child) this.#threads.set(other, process);
    }
    this.#threads.set(tid, process);
  }
}

/** `clone(child_stack=…, flags=CLONE_VM|…|CLONE_THREAD|…)`, `clone3({flags=…})`; a fork has no words. */
function whatIsMade(words: string): 'process' | 'thread' {
  return words.includes('CLONE_THREAD') ? 'thread' : 'process';
}
