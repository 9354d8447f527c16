/**
 * Where readers of traces put what they read: it keeps the processes and counts what they do, each distinct thing once.
 *
 * Several readers may write into one, as strace's `-ff` makes a file for each process; then it does not matter which file
 * comes first.
 */
import type {
  FileAccessKind,
  ProcessEnd,
  SocketAddress,
  SyscallResult,
  SyscallTrace,
  TracedProcess,
} from './model.ts';
import { ownText } from './own-text.ts';
import { TimelineCounter } from './timeline.ts';
import { UnreadLines } from './unread-lines.ts';

type AccessKind = FileAccessKind | 'connected';

/** What is done to: a path or an address, by number. Readers keep the numbers beside the words of their text. */
export type Target = number;

const KINDS: readonly AccessKind[] = [
  'opened',
  'written',
  'executed',
  'mapped',
  'sought',
  'created',
  'connected',
];
const KIND_NUMBERS = new Map(KINDS.map((kind, number) => [kind, number]));

/** There are 133 names of errors in Linux 6.18; more than this are no names. */
const MOST_RESULTS = 256;

interface Outcome {
  readonly name: SyscallResult;
  readonly number: number;
}

const UNKNOWN_OUTCOME: Outcome = { name: 'unknown', number: 0 };

const UNKNOWN_END: ProcessEnd = { kind: 'unknown' };

/** Accesses of one program: the key is made of target, kind and result. */
interface Program {
  readonly name: string | null;
  readonly accesses: Map<number, CountedAccess>;
}

interface CountedAccess {
  readonly id: number;
  readonly kind: AccessKind;
  readonly target: Target;
  readonly result: SyscallResult;
  readonly program: string | null;
  count: number;
  firstAt: number;
  lastAt: number;
  /** Spares most questions whether a process has it in its list already. */
  lastProcess: LiveProcess | null;
}

/** A process while it is read about. */
export class LiveProcess {
  pid: number;
  parent: LiveProcess | null = null;
  program: Program;
  /** The directory it is in; null where it is not known. */
  directory: string | null = null;
  /** The files behind its descriptors, for traces that do not name them; made when first needed. */
  files: Map<number, string> | null = null;
  startedAt: number;
  endedAt = NaN;
  end: ProcessEnd = UNKNOWN_END;
  isAlive = true;
  /** The process whose thread this turned out to be. */
  joined: LiveProcess | null = null;
  accesses: Set<number> | null = new Set();
  list: readonly number[] = [];

  constructor(pid: number, program: Program, startedAt: number) {
    this.pid = pid;
    this.program = program;
    this.startedAt = startedAt;
  }
}

/** A call that makes a process, of which no child was met yet, and what a child takes over from its maker at that moment. */
export interface Making {
  readonly by: LiveProcess;
  readonly what: 'process' | 'thread';
  readonly program: Program;
  readonly directory: string | null;
  readonly files: ReadonlyMap<number, string> | null;
}

export class SyscallRecorder {
  readonly unread = new UnreadLines();
  readonly #timeline = new TimelineCounter();
  readonly #programs = new Map<string | null, Program>();
  readonly #processes: LiveProcess[] = [];
  readonly #accesses: CountedAccess[] = [];
  readonly #targets: (string | SocketAddress)[] = [];
  readonly #targetNumbers = new Map<string, Target>();
  readonly #results = new Map<SyscallResult, Outcome>([['unknown', UNKNOWN_OUTCOME]]);
  readonly #lists = new Map<number, (readonly number[])[]>();
  /** Children that were announced and have not been met, by their number; shared, as `-ff` writes both in different files. */
  readonly announced = new Map<number, Making>();
  readonly #latest = new Map<number, LiveProcess>();
  #timeOrigin: SyscallTrace['timeOrigin'] = 'none';

  /** Says how times are to be read; the first word counts. */
  timesSince(origin: 'epoch' | 'midnight' | 'start'): void {
    if (this.#timeOrigin === 'none') this.#timeOrigin = origin;
  }

  /** @param at milliseconds, NaN where the trace has no times; so for all times here */
  start(pid: number, making: Making | null, at: number): LiveProcess {
    const process = new LiveProcess(pid, making?.program ?? this.#program(null), at);
    if (making !== null) {
      process.parent = making.by;
      process.directory = making.directory;
      if (making.files !== null) process.files = new Map(making.files);
    }
    this.#processes.push(process);
    this.#latest.set(pid, process);
    return process;
  }

  making(by: LiveProcess, what: Making['what']): Making {
    const { program, directory } = by;
    return { by, what, program, directory, files: by.files === null ? null : new Map(by.files) };
  }

  /** Says who made a process that was met before its maker's words about it were. */
  adopt(process: LiveProcess, parent: LiveProcess): void {
    for (let above: LiveProcess | null = parent; above !== null; above = above.parent) {
      if (above === process) return;
    }
    process.parent ??= parent;
    process.directory ??= parent.directory;
    if (process.program.name === null) process.program = parent.program;
  }

  /** The latest process of that number, where nobody has said who made it. */
  orphan(pid: number): LiveProcess | undefined {
    const process = this.#latest.get(pid);
    return process?.parent === null ? process : undefined;
  }

  /** What was taken for a process is a thread of another: what it did was done by that. */
  join(thread: LiveProcess, process: LiveProcess): void {
    if (thread === process || thread.joined !== null || process.joined !== null) return;
    process.accesses ??= new Set(process.list);
    for (const id of thread.accesses ?? thread.list) process.accesses.add(id);
    thread.isAlive = false;
    thread.joined = process;
    thread.list = [];
    thread.accesses = null;
  }

  end(process: LiveProcess, end: ProcessEnd, at: number): void {
    if (!process.isAlive) return;
    process.isAlive = false;
    process.end = end;
    process.endedAt = at;
    process.files = null;
    process.list = this.#listOf(process);
    process.accesses = null;
  }

  execute(process: LiveProcess, program: string): void {
    process.program = this.#program(program);
  }

  path(path: string): Target {
    return this.#target(path, path);
  }

  pathOf(target: Target): string {
    const path = this.#targets[target];
    return typeof path === 'string' ? path : '';
  }

  address(address: SocketAddress): Target {
    return this.#target(`\0${JSON.stringify(address)}`, address);
  }

  record(
    process: LiveProcess,
    kind: AccessKind,
    target: Target,
    result: SyscallResult,
    at: number,
  ): void {
    const outcome = this.#results.get(result) ?? this.#newResult(result);
    const key = target * 2048 + (KIND_NUMBERS.get(kind) ?? 0) * MOST_RESULTS + outcome.number;
    const { accesses } = process.program;
    let access = accesses.get(key);
    if (access === undefined) {
      access = this.#newAccess(process, kind, target, outcome.name, at);
      accesses.set(key, access);
    }
    access.count += 1;
    if (at < access.firstAt) access.firstAt = at;
    else if (at > access.lastAt) access.lastAt = at;
    if (access.lastProcess !== process) {
      // One that has ended goes on where strace's file for another of its threads is read later.
      process.accesses ??= new Set(process.list);
      process.accesses.add(access.id);
      access.lastProcess = process;
    }
    this.#timeline.count(
      at,
      kind === 'connected'
        ? 'connections'
        : result === 'ok'
          ? 'found'
          : result === 'ENOENT'
            ? 'missing'
            : 'refused',
    );
  }

  /** All that was read; what goes on afterwards does not change it. */
  trace(): SyscallTrace {
    const processes = this.#processes.filter(({ joined }) => joined === null);
    const ids = new Map(processes.map((process, id) => [process, id]));
    return {
      timeOrigin: this.#timeOrigin,
      processes: processes.map((process, id) => this.#finished(process, id, ids)),
      accesses: this.#accesses.map(({ kind, target, result, program, count, firstAt, lastAt }) => {
        const rest = {
          result,
          program,
          count,
          firstAt: timeOrNull(firstAt),
          lastAt: timeOrNull(lastAt),
        };
        const named = this.#targets[target] ?? '';
        return kind === 'connected' || typeof named !== 'string'
          ? { kind: 'connected', address: addressOf(named), ...rest }
          : { kind, path: named, ...rest };
      }),
      timeline: this.#timeline.timeline,
      notUnderstood: this.unread.summary,
    };
  }

  #finished(
    process: LiveProcess,
    id: number,
    ids: ReadonlyMap<LiveProcess, number>,
  ): TracedProcess {
    const { pid, program, startedAt, endedAt, end } = process;
    const parent = process.parent?.joined ?? process.parent;
    return {
      id,
      pid,
      parent: parent === null ? null : (ids.get(parent) ?? null),
      program: program.name,
      startedAt: timeOrNull(startedAt),
      endedAt: timeOrNull(endedAt),
      end,
      accesses: process.accesses === null ? process.list : this.#listOf(process),
    };
  }

  #program(name: string | null): Program {
    let program = this.#programs.get(name);
    if (program === undefined) {
      program = { name, accesses: new Map() };
      this.#programs.set(name, program);
    }
    return program;
  }

  #target(key: string, target: string | SocketAddress): Target {
    const known = this.#targetNumbers.get(key);
    if (known !== undefined) return known;
    const number = this.#targets.push(target) - 1;
    this.#targetNumbers.set(key, number);
    return number;
  }

  #newResult(name: SyscallResult): Outcome {
    const isName = /^(?:ok|unknown|E[A-Z0-9]{1,20})$/.test(name);
    if (!isName || this.#results.size >= MOST_RESULTS) return UNKNOWN_OUTCOME;
    const outcome = { name: ownText(name), number: this.#results.size };
    this.#results.set(outcome.name, outcome);
    return outcome;
  }

  #newAccess(
    process: LiveProcess,
    kind: AccessKind,
    target: Target,
    result: SyscallResult,
    at: number,
  ): CountedAccess {
    const access: CountedAccess = {
      id: this.#accesses.length,
      kind,
      target,
      result,
      program: process.program.name,
      count: 0,
      firstAt: at,
      lastAt: at,
      lastProcess: null,
    };
    this.#accesses.push(access);
    return access;
  }

  /** The list of what a process did; the one of a process before it, where that did the same. */
  #listOf({ accesses }: LiveProcess): readonly number[] {
    const list = [...(accesses ?? [])];
    const hash = list.reduce((sum, id) => Math.imul(sum ^ id, 0x01000193), 0x811c9dc5);
    const alike = this.#lists.get(hash);
    const same = alike?.find(
      (other) => other.length === list.length && other.every((id, index) => id === list[index]),
    );
    if (same !== undefined) return same;
    if (alike === undefined) this.#lists.set(hash, [list]);
    else alike.push(list);
    return list;
  }
}

function timeOrNull(at: number): number | null {
  return Number.isNaN(at) ? null : at;
}

function addressOf(target: string | SocketAddress): SocketAddress {
  return typeof target === 'string' ? { family: 'unix', path: target } : target;
}
