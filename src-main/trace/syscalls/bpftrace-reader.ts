/**
 * Reads what resources/tracing/syscalls.bt prints under `bpftrace -f json` (seen in 0.17): an object a line, in whose text
 * an event is `NANOSECONDS PID WHAT …`, a path at the end of it. JSON, as a path may hold anything, line feeds included.
 *
 * bpftrace runs outside of a sandbox, and sees the way in as well; see sandbox-entrance.ts.
 */
import { constants } from 'node:os';
import { decodePath } from '../../host/byte-path.ts';
import { LineSplitter } from './line-splitter.ts';
import type { FileAccessKind, ProcessEnd, SocketAddress, TraceReader } from './model.ts';
import { absolutePath } from './paths.ts';
import type { LiveProcess, Making, SyscallRecorder } from './recorder.ts';

/** Bytes of a path that bpftrace hands on (BPFTRACE_STRLEN in resources/tracing/bpftrace.bash, with the NUL): one so long was cut off. */
const LONGEST_PATH = 199;

const CALL = /^tracepoint:syscalls:sys_(?:enter|exit)_/;
/** Calls that give a file another name. */
const NAMING = /^(?:symlink|link|rename)/;
const AT_FDCWD = -100;

/** open(2), as all of Linux's machines that bpftrace runs on have them. */
const O_WRONLY = 0o1;
const O_CREAT = 0o100;
const O_TRUNC = 0o1000;
const O_PATH = 0o10000000;

const ERRORS: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno)
    .map(([name, number]) => [number, name] as const)
    .toReversed(),
);
const SIGNALS: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
);

/** A process on its way into the sandbox: it has a root of its own, and executes nothing of the build yet. */
interface Entering {
  directory: string | null;
}

export class BpftraceReader implements TraceReader {
  readonly #recorder: SyscallRecorder;
  readonly #from: 'start' | 'sandbox';
  readonly #processes = new Map<number, LiveProcess>();
  readonly #entering = new Map<number, Entering>();
  readonly #announced = new Map<number, Making>();
  /** What is known of the end of a process that has not ended yet. */
  readonly #ends = new Map<number, ProcessEnd>();
  /** Milliseconds from the clock of the events to 1970; to the second, as bpftrace tells it. */
  #epoch = NaN;
  readonly #lines = new LineSplitter((text, start, end, whole) => {
    const line = text.slice(start, end);
    if (!whole || !this.#line(line)) this.#recorder.unread.add(line);
  });

  /** @param from `sandbox` where what enters it is left out */
  constructor(recorder: SyscallRecorder, from: 'start' | 'sandbox') {
    this.#recorder = recorder;
    this.#from = from;
  }

  write(chunk: Buffer): void {
    this.#lines.write(chunk);
  }

  end(): void {
    this.#lines.end();
  }

  /** Gives whether it is understood. What bpftrace lost is not. */
  #line(line: string): boolean {
    if (line.trim() === '' || line.startsWith('{"type": "attached_probes"')) return true;
    const text = printed(line);
    if (text === null) return false;
    const begin = /^strata (\d+) (\d+)\n$/.exec(text);
    if (begin !== null) {
      this.#epoch = Number(begin[2]) * 1000 - Number(begin[1]) / 1e6;
      this.#recorder.timesSince('epoch');
      return true;
    }
    const event = /^(\d+) (\d+) (\S+)(?: ([^]*))?\n$/.exec(text);
    if (event === null) return false;
    const [, time, pid, what = '', rest = ''] = event;
    return this.#event(Number(pid), what.replace(CALL, ''), rest, this.#epoch + Number(time) / 1e6);
  }

  #event(pid: number, what: string, rest: string, at: number): boolean {
    if (what === 'pivot_root') {
      this.#entering.set(pid, { directory: '/' });
      return true;
    }
    if (what === 'exec') this.#enter(pid, at);
    const process = this.#process(pid, at);
    if (process === null) {
      this.#outside(pid, what, rest);
      return true;
    }
    switch (what) {
      case 'fork':
        this.#announced.set(Number(rest), this.#recorder.making(process, 'process'));
        return true;
      case 'exec': {
        const program = absolutePath(process.directory, pathIn(rest));
        this.#recorder.record(process, 'executed', this.#recorder.path(program), 'ok', at);
        this.#recorder.execute(process, program);
        return true;
      }
      case 'status':
        this.#ends.set(pid, { kind: 'exited', status: Number(rest) & 0xff });
        return true;
      case 'signal':
        // The other threads of a process that ends get one too.
        if (this.#ends.get(pid)?.kind !== 'exited') {
          const signal = SIGNALS.get(Number(rest)) ?? `signal ${rest}`;
          this.#ends.set(pid, { kind: 'killed', signal });
        }
        return true;
      case 'exit':
        this.#recorder.end(process, this.#ends.get(pid) ?? { kind: 'unknown' }, at);
        this.#processes.delete(pid);
        this.#ends.delete(pid);
        return true;
      case 'close':
        process.files?.delete(Number(rest));
        return true;
      case 'fchdir':
        process.directory = process.files?.get(Number(rest)) ?? null;
        return true;
      case 'dup':
        this.#duplicated(process, rest);
        return true;
      case 'mmap':
        return this.#mapped(process, rest, at);
      case 'connect':
        return this.#connected(process, rest, at);
    }
    return this.#onPath(process, what, rest, at);
  }

  /** Null for what is not yet in the sandbox. */
  #process(pid: number, at: number): LiveProcess | null {
    const known = this.#processes.get(pid);
    if (known !== undefined) return known;
    const making = this.#announced.get(pid) ?? null;
    this.#announced.delete(pid);
    return making === null && this.#from === 'sandbox' ? null : this.#start(pid, making, at);
  }

  #start(pid: number, making: Making | null, at: number): LiveProcess {
    const process = this.#recorder.start(pid, making, at);
    this.#processes.set(pid, process);
    return process;
  }

  #enter(pid: number, at: number): void {
    const entering = this.#entering.get(pid);
    if (entering === undefined) return;
    this.#entering.delete(pid);
    if (this.#from === 'sandbox') this.#start(pid, null, at).directory = entering.directory;
  }

  /** Of what enters the sandbox, who does and in which directory is all that matters. */
  #outside(pid: number, what: string, rest: string): void {
    const entering = this.#entering.get(pid);
    if (entering === undefined) return;
    if (what === 'fork') this.#entering.set(Number(rest), { ...entering });
    const chdir = what === 'chdir' ? onPath(rest) : null;
    if (chdir?.result === 'ok') entering.directory = absolutePath(entering.directory, chdir.path);
  }

  #onPath(process: LiveProcess, call: string, rest: string, at: number): boolean {
    const asked = onPath(rest);
    if (asked === null) return false;
    // fstat: of a descriptor.
    if (asked.path === '') return true;
    const base =
      asked.from === AT_FDCWD ? process.directory : (process.files?.get(asked.from) ?? null);
    const path = absolutePath(base, asked.path);
    const { result, answer, flags } = asked;
    // It may be the old name that is not there, which is not told.
    if (result !== 'ok' && NAMING.test(call)) return true;
    this.#recorder.record(process, accessOf(call, flags), this.#recorder.path(path), result, at);
    if (result !== 'ok') return true;
    if (call === 'chdir') process.directory = path;
    if (call.startsWith('open')) (process.files ??= new Map()).set(answer, path);
    return true;
  }

  #duplicated(process: LiveProcess, rest: string): void {
    const [from, to] = rest.split(' ').map(Number);
    const file = process.files?.get(from ?? NaN);
    if (to === undefined) return;
    if (file === undefined) process.files?.delete(to);
    else process.files?.set(to, file);
  }

  #mapped(process: LiveProcess, rest: string, at: number): boolean {
    const [descriptor, answer] = rest.split(' ').map(Number);
    if (descriptor === undefined || answer === undefined) return false;
    const file = process.files?.get(descriptor);
    if (file === undefined) return true;
    this.#recorder.record(process, 'mapped', this.#recorder.path(file), resultOf(answer), at);
    return true;
  }

  #connected(process: LiveProcess, rest: string, at: number): boolean {
    const [, answer, bytes = ''] = /^(-?\d+) ([^]*)$/.exec(rest) ?? [];
    const address = addressOf(unquoted(bytes));
    if (answer === undefined || address === null) return false;
    const target = this.#recorder.address(address);
    this.#recorder.record(process, 'connected', target, resultOf(Number(answer)), at);
    return true;
  }
}

/** bpftrace 0.17 writes a byte of more than 127 as the hexadecimal digits of a negative number: `\\uffffffe9`. */
const ESCAPE = /\\(?:uffffff([89a-f][0-9a-f])|.)/g;

function repaired(escape: string, byte: string | undefined): string {
  return byte === undefined ? escape : `\\u00${byte}`;
}

/** The text of a printf, one character a byte; null for what is none. */
function printed(line: string): string | null {
  try {
    const value: unknown = JSON.parse(line.replace(ESCAPE, repaired));
    if (typeof value !== 'object' || value === null) return null;
    const { type, data }: { readonly type?: unknown; readonly data?: unknown } = value;
    return type === 'printf' && typeof data === 'string' ? data : null;
  } catch {
    return null;
  }
}

interface Asked {
  readonly answer: number;
  readonly result: string;
  readonly from: number;
  readonly flags: number;
  readonly path: string;
}

/** `ANSWER DIRECTORY FLAGS PATH`. */
function onPath(rest: string): Asked | null {
  const found = /^(-?\d+) (-?\d+) (\d+) ([^]*)$/.exec(rest);
  if (found === null) return null;
  const answer = Number(found[1]);
  const [, , from, flags, path = ''] = found;
  return {
    answer,
    result: resultOf(answer),
    from: Number(from),
    flags: Number(flags),
    path: pathIn(path),
  };
}

/** With an ellipsis where its end is not known. */
function pathIn(latin1: string): string {
  const path = decodePath(Buffer.from(latin1, 'latin1'));
  return latin1.length >= LONGEST_PATH ? `${path}…` : path;
}

function resultOf(answer: number): string {
  return answer >= 0 ? 'ok' : (ERRORS.get(-answer) ?? 'unknown');
}

function accessOf(call: string, flags: number): FileAccessKind {
  if (call === 'execve') return 'executed';
  if (call.startsWith('mkdir') || NAMING.test(call)) return 'created';
  if (!call.startsWith('open')) return 'sought';
  if ((flags & (O_WRONLY | O_CREAT | O_TRUNC)) !== 0) return 'written';
  return (flags & O_PATH) === 0 ? 'opened' : 'sought';
}

/** The bytes that `%r` printed: `\x02\x00…`, and as they are where they can be printed. */
function unquoted(text: string): Buffer {
  const bytes = text.replace(/\\x([0-9a-f]{2})|\\(.)/g, (_, hex?: string, letter?: string) =>
    hex === undefined ? (letter ?? '') : String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1');
}

/** A struct sockaddr (socket.h of Linux): the family in the machine's order, the port in the network's. */
function addressOf(bytes: Buffer): SocketAddress | null {
  if (bytes.length < 2) return null;
  const family = bytes.readUInt16LE(0);
  switch (family) {
    case 1: {
      const isAbstract = bytes[2] === 0;
      const path = bytes.subarray(isAbstract ? 3 : 2);
      const nul = isAbstract ? -1 : path.indexOf(0);
      const named = decodePath(nul < 0 ? path : path.subarray(0, nul));
      return { family: 'unix', path: isAbstract && path.length > 0 ? `@${named}` : named };
    }
    case 2:
      if (bytes.length < 8) return null;
      return { family: 'inet', host: bytes.subarray(4, 8).join('.'), port: bytes.readUInt16BE(2) };
    case 10:
      if (bytes.length < 24) return null;
      return { family: 'inet6', host: inet6(bytes.subarray(8, 24)), port: bytes.readUInt16BE(2) };
    default:
      return { family: 'other', name: FAMILIES.get(family) ?? `AF_${family}` };
  }
}

const FAMILIES: ReadonlyMap<number, string> = new Map([
  [0, 'AF_UNSPEC'],
  [16, 'AF_NETLINK'],
  [17, 'AF_PACKET'],
]);

/** RFC 5952: the longest run of zeroes, where it is more than one, is `::`. */
function inet6(bytes: Buffer): string {
  const words = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16));
  const text = words.join(':');
  const runs = [...text.matchAll(/\b0(?::0\b)+/g)].sort((a, b) => b[0].length - a[0].length);
  const [longest] = runs;
  if (longest === undefined) return text;
  const before = text.slice(0, longest.index).replace(/:$/, '');
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
