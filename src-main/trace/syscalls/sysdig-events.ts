/**
 * Events of sysdig, put into the recorder: one for each call that ends (`<`), and in older versions one for each that begins
 * (`>`), which then holds what the other lacks. Seen in 0.29.3, 0.40.1 and 0.41.4; the fields are those of the event table of
 * falcosecurity/libs (driver/event_table.c), which come and go from version to version.
 *
 * sysdig runs outside of a sandbox, and sees the way in as well; see sandbox-entrance.ts.
 */
import { absolutePath } from './paths.ts';
import type { FileAccessKind, ProcessEnd, SocketAddress } from './model.ts';
import type { LiveProcess, SyscallRecorder } from './recorder.ts';

export interface SysdigEvent {
  /** Milliseconds, NaN where it is not said. */
  readonly at: number;
  readonly tid: number;
  /** The short name of the program, `comm`; empty where it is not said. */
  readonly program: string;
  readonly direction: 'enter' | 'exit';
  readonly type: string;
  /** `res=-2(ENOENT) name=/etc/ld.so.nohwcap mode=0(F_OK)`. */
  readonly fields: string;
}

/** What a call does to its path. */
const ON_PATHS: ReadonlyMap<string, FileAccessKind> = new Map<string, FileAccessKind>([
  ...['stat', 'lstat', 'stat64', 'lstat64', 'newfstatat', 'fstatat', 'fstatat64', 'statx'].map(
    (name) => [name, 'sought'] as const,
  ),
  ...['access', 'faccessat', 'faccessat2', 'readlink', 'readlinkat', 'statfs', 'chdir'].map(
    (name) => [name, 'sought'] as const,
  ),
  ...['mkdir', 'mkdirat', 'mknod', 'mknodat', 'symlink', 'symlinkat'].map(
    (name) => [name, 'created'] as const,
  ),
  ...['link', 'linkat', 'rename', 'renameat', 'renameat2'].map(
    (name) => [name, 'created'] as const,
  ),
]);

const OPENING = new Set(['open', 'openat', 'openat2', 'creat']);
const EXECUTING = new Set(['execve', 'execveat']);
const MAKING = new Set(['clone', 'clone3', 'fork', 'vfork']);

/** A process on its way into the sandbox: it has a root of its own, and executes nothing of the build yet. */
interface Entering {
  readonly directory: string;
}

export class SysdigEvents {
  readonly #recorder: SyscallRecorder;
  readonly #from: 'start' | 'sandbox';
  /** By thread. */
  readonly #entering = new Map<number, Entering>();
  #hasEntered = false;
  readonly #threads = new Map<number, LiveProcess>();
  /** The fields of a call that has begun, by thread. */
  readonly #begun = new Map<number, { readonly type: string; readonly fields: string }>();

  constructor(recorder: SyscallRecorder, from: 'start' | 'sandbox') {
    this.#recorder = recorder;
    this.#from = from;
  }

  /** Whether a process in a sandbox was met. */
  get hasEntered(): boolean {
    return this.#hasEntered;
  }

  take(event: SysdigEvent): void {
    const { type, tid } = event;
    if (this.#from === 'sandbox' && !this.#threads.has(tid) && !this.#enters(event)) return;
    if (type === 'procexit') {
      this.#exit(event);
      return;
    }
    if (!isOfInterest(type)) return;
    if (event.direction === 'enter') {
      this.#begun.set(tid, { type, fields: event.fields });
      return;
    }
    const begun = this.#begun.get(tid);
    this.#begun.delete(tid);
    const fields = begun?.type === type ? `${event.fields} ${begun.fields}` : event.fields;
    this.#ended(event, fields);
  }

  /** Of what enters the sandbox, who does and in which directory is all that matters. Gives whether the event is of the build. */
  #enters({ type, tid, direction, fields, at }: SysdigEvent): boolean {
    if (type === 'pivot_root') {
      this.#entering.set(tid, { directory: '/' });
      return false;
    }
    if (direction === 'enter') return false;
    const result = numberOf(field(fields, 'res'));
    if (MAKING.has(type) && result === 0) return this.#isBornInside(tid, fields, at);
    const entering = this.#entering.get(tid);
    if (entering === undefined) return false;
    if (type === 'chdir' && result === 0) {
      const path = field(fields, 'path');
      if (isSaid(path))
        this.#entering.set(tid, { directory: absolutePath(entering.directory, path) });
    }
    if (!EXECUTING.has(type) || result !== 0) return false;
    this.#entering.delete(tid);
    this.#hasEntered = true;
    const process = this.#recorder.start(tid, null, at);
    process.directory = entering.directory;
    this.#threads.set(tid, process);
    return true;
  }

  /** A thread names the process it is of; a process that was made names its maker. */
  #isBornInside(tid: number, fields: string, at: number): boolean {
    if (this.#threads.has(numberOf(field(fields, 'pid')))) return true;
    const parent = numberOf(field(fields, 'ptid'));
    const maker = this.#threads.get(parent);
    const entering = this.#entering.get(parent);
    if (maker !== undefined) {
      const making = this.#recorder.making(maker, 'process');
      this.#threads.set(tid, this.#recorder.start(tid, making, at));
    } else if (entering !== undefined) this.#entering.set(tid, entering);
    return maker !== undefined;
  }

  #ended(event: SysdigEvent, fields: string): void {
    const { type } = event;
    if (MAKING.has(type)) this.#made(event, fields);
    else if (EXECUTING.has(type)) this.#executed(event, fields);
    else if (OPENING.has(type)) this.#onPath(event, fields, openedAs(type, fields), 'fd');
    else if (type === 'mmap' || type === 'mmap2') this.#mapped(event, fields);
    else if (type === 'connect' || type === 'sendto' || type === 'sendmsg') {
      this.#connected(event, fields);
    } else {
      const access = ON_PATHS.get(type);
      if (access !== undefined) this.#onPath(event, fields, access, 'res');
    }
  }

  #onPath(event: SysdigEvent, fields: string, access: FileAccessKind, answer: 'fd' | 'res'): void {
    const process = this.#process(event);
    const { type } = event;
    const result = resultOf(field(fields, answer));
    // What a rename does not find is the old name.
    const isName = /^(?:rename|link|symlink)/.test(type);
    if (isName && type.startsWith('symlink') && result !== 'ok') return;
    const keys = !isName
      ? ['name', 'path', 'pathname', 'filename']
      : result === 'ok'
        ? ['newpath', 'linkpath']
        : ['oldpath'];
    const said = keys.map((key) => field(fields, key)).find(isSaid);
    const path = this.#path(process, said, 'file');
    if (path === null) return;
    const kind = isName && result !== 'ok' ? 'sought' : access;
    this.#recorder.record(process, kind, this.#recorder.path(path), result, event.at);
    if (type === 'chdir' && result === 'ok') process.directory = path;
  }

  #executed(event: SysdigEvent, fields: string): void {
    const process = this.#process(event);
    const result = resultOf(field(fields, 'res'));
    const named = ['filename', 'trusted_exepath', 'exe'].map((key) => field(fields, key));
    const directory = field(fields, 'cwd');
    if (isSaid(directory)) process.directory = directory;
    const program = this.#path(process, named.find(isSaid), 'command');
    if (program === null) return;
    this.#recorder.record(process, 'executed', this.#recorder.path(program), result, event.at);
    if (result === 'ok') this.#recorder.execute(process, program);
    this.#adopt(process, fields);
  }

  /** `clone` ends twice: with the number of the child in the process that called it, and with 0 in the child. */
  #made(event: SysdigEvent, fields: string): void {
    const result = numberOf(field(fields, 'res'));
    if (result > 0) {
      // In a sandbox it is the number that the child has there; the child tells the other.
      if (this.#from === 'sandbox') return;
      const maker = this.#process(event);
      if (this.#threads.has(result)) return;
      if (/\bCLONE_THREAD\b/.test(fields)) this.#threads.set(result, maker);
      else
        this.#threads.set(
          result,
          this.#recorder.start(result, this.#recorder.making(maker, 'process'), event.at),
        );
      return;
    }
    if (result !== 0) return;
    const leader = numberOf(field(fields, 'pid'));
    const known = this.#threads.get(leader);
    if (leader !== event.tid && known !== undefined) this.#threads.set(event.tid, known);
    else this.#adopt(this.#process(event), fields);
  }

  #mapped(event: SysdigEvent, fields: string): void {
    // `3(<f>/lib/libz.so.1)`; anonymous memory has -1.
    const file = /^\d+\(<f>(\/.*)\)$/.exec(field(fields, 'fd') ?? '')?.[1];
    if (file === undefined) return;
    const result = resultOf(field(fields, 'res'));
    const process = this.#process(event);
    this.#recorder.record(process, 'mapped', this.#recorder.path(file), result, event.at);
  }

  #connected(event: SysdigEvent, fields: string): void {
    const said = ['tuple', ...(event.type === 'connect' ? ['addr', 'fd'] : [])]
      .map((key) => field(fields, key))
      .filter(isSaid);
    const address = said.map(peerOf).find((peer) => peer !== null);
    if (address === undefined) return;
    const result = resultOf(field(fields, 'res'));
    const process = this.#process(event);
    const target = this.#recorder.address(address);
    this.#recorder.record(process, 'connected', target, result, event.at);
  }

  #exit({ tid, fields, at }: SysdigEvent): void {
    const process = this.#threads.get(tid);
    this.#threads.delete(tid);
    this.#begun.delete(tid);
    if (process?.pid === tid) this.#recorder.end(process, endOf(fields), at);
  }

  #process({ tid, program, at }: SysdigEvent): LiveProcess {
    const known = this.#threads.get(tid);
    if (known !== undefined) return known;
    const process = this.#recorder.start(tid, null, at);
    if (program !== '') this.#recorder.execute(process, program);
    this.#threads.set(tid, process);
    return process;
  }

  /** `ptid=3200(bash)` names the thread that made it. */
  #adopt(process: LiveProcess, fields: string): void {
    const parent = this.#threads.get(numberOf(field(fields, 'ptid')));
    if (parent !== undefined && parent !== process) this.#recorder.adopt(process, parent);
  }

  /** `name=foo(/home/me/foo)`: as it was given, and resolved. */
  #path(process: LiveProcess, said: string | undefined, type: 'file' | 'command'): string | null {
    if (said === undefined) return null;
    // `exe` is what the program was called by: without a slash it is no path, and was found on PATH.
    if (type === 'command' && !said.includes('/')) return said;
    const resolved = said.startsWith('/') ? undefined : /\((\/.*)\)$/.exec(said)?.[1];
    return resolved ?? absolutePath(process.directory, said);
  }
}

function isOfInterest(type: string): boolean {
  return (
    ON_PATHS.has(type) ||
    OPENING.has(type) ||
    EXECUTING.has(type) ||
    MAKING.has(type) ||
    /^(?:mmap2?|connect|sendto|sendmsg)$/.test(type)
  );
}

/** `<NA>` is a field that the capture does not have, as it was made by an older version. */
function isSaid(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value !== '<NA>' && value !== 'NULL';
}

/** The value of a field: what stands between its name and the next one. */
function field(fields: string, name: string): string | undefined {
  const mark = `${name}=`;
  const at = fields.startsWith(mark) ? 0 : fields.indexOf(` ${mark}`) + 1;
  if (at === 0 && !fields.startsWith(mark)) return undefined;
  const start = at + mark.length;
  const rest = fields.slice(start, start + 5000);
  const next = rest.search(/ [a-z_]+=/);
  return (next < 0 ? rest : rest.slice(0, next)).trimEnd();
}

/** `3(<f>/etc/passwd)`, `17498(curl)`; NaN where there is none. */
function numberOf(value: string | undefined): number {
  return value === undefined ? NaN : Number.parseInt(value, 10);
}

/** `0`, `-2(ENOENT)`, an address. */
function resultOf(value: string | undefined): string {
  if (!isSaid(value)) return 'unknown';
  if (!value.startsWith('-')) return 'ok';
  return /^-\d+\((E[A-Z0-9]+)\)/.exec(value)?.[1] ?? 'unknown';
}

function openedAs(type: string, fields: string): FileAccessKind {
  const flags = field(fields, 'flags') ?? '';
  if (type === 'creat' || /O_WRONLY|O_CREAT|O_TRUNC/.test(flags)) return 'written';
  return flags.includes('O_PATH') ? 'sought' : 'opened';
}

/**
 * The far side of `10.0.0.79:40251->8.8.8.8:53`, `2600:1f18::1:40251->2001:4860:4860::8888:53` or
 * `0->ffff88003c420800 /var/run/nscd/socket`, also within a descriptor: `4(<6u>…)`.
 */
function peerOf(said: string): SocketAddress | null {
  const inner = /^\d+\(<[^>]*>(.*)\)$/.exec(said)?.[1] ?? said;
  const peer = inner.includes('->') ? inner.slice(inner.indexOf('->') + 2) : inner;
  const unix = /^(?:[0-9a-fA-F]+ )?(\/.*|@.*)$/.exec(peer)?.[1];
  if (unix !== undefined) return { family: 'unix', path: unix };
  const inet = /^(.+):(\d{1,5})$/.exec(peer);
  if (inet === null) return null;
  const host = inet[1] ?? '';
  return { family: host.includes(':') ? 'inet6' : 'inet', host, port: Number(inet[2]) };
}

/** The status as wait(2) gives it: a signal in the lower seven bits, or an exit status above the lower eight. */
function endOf(fields: string): ProcessEnd {
  const status = numberOf(field(fields, 'status'));
  if (Number.isNaN(status)) return { kind: 'unknown' };
  const signal = status & 0x7f;
  if (signal === 0) return { kind: 'exited', status: (status >> 8) & 0xff };
  return { kind: 'killed', signal: SIGNALS[signal - 1] ?? `signal ${signal}` };
}

/** signal(7), x86 and ARM. */
const SIGNALS = (
  'SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM ' +
  'SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO ' +
  'SIGPWR SIGSYS'
).split(' ');
