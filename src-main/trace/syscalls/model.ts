/**
 * What processes asked of the kernel: the model that strace's text, bpftrace's and both of sysdig's are read into, and that every front
 * shows. What is kept grows with the distinct things that were done, not with how often: a build opens its headers a million
 * times.
 */
import type { NotUnderstood } from '../lookups.ts';

/**
 * What was done with a file:
 * - `opened` for reading, directories included
 * - `written`: opened for writing, or to be made (O_WRONLY, O_RDWR with O_CREAT or O_TRUNC)
 * - `executed`
 * - `mapped` into memory, as the loader does with libraries
 * - `sought`: asked about and not opened (stat, access, readlink, chdir, …)
 * - `created` by something other than open: mkdir, symlink, link, mknod; the new name of a rename
 */
export type FileAccessKind = 'opened' | 'written' | 'executed' | 'mapped' | 'sought' | 'created';

/**
 * `ok`, the kernel's name for the error (`ENOENT`; errno(3)), or `unknown` where the trace ends before the answer or does not
 * tell it.
 */
export type SyscallResult = string;

/** How often one program did one thing with one result, over all its processes. */
export interface Occurrences {
  readonly result: SyscallResult;
  /** The file that was executed; null for what a process did before the trace says what it runs. */
  readonly program: string | null;
  readonly count: number;
  /** Milliseconds, see {@link SyscallTrace.timeOrigin}; null where the trace has no times. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
}

export interface FileAccess extends Occurrences {
  readonly kind: FileAccessKind;
  /**
   * As the process spelled it, from the root where the directory it started from is known; otherwise it does not begin with
   * a slash. Bytes that are no UTF-8 are lone surrogates, as in host/byte-path.ts.
   */
  readonly path: string;
}

/** A socket's address: `inet` and `inet6` with a port, `unix` with a path (abstract ones begin with `@`), or another family. */
export type SocketAddress =
  | { readonly family: 'inet' | 'inet6'; readonly host: string; readonly port: number }
  | { readonly family: 'unix'; readonly path: string }
  /** The kernel's name: `AF_NETLINK`. */
  | { readonly family: 'other'; readonly name: string };

/** A connection that was tried, or a datagram sent to an address without one. EINPROGRESS is one under way. */
export interface Connection extends Occurrences {
  readonly kind: 'connected';
  readonly address: SocketAddress;
}

export type Access = FileAccess | Connection;

export type ProcessEnd =
  | { readonly kind: 'exited'; readonly status: number }
  /** `SIGKILL`. */
  | { readonly kind: 'killed'; readonly signal: string }
  /** The trace ends first. */
  | { readonly kind: 'unknown' };

export interface TracedProcess {
  /** Its place in {@link SyscallTrace.processes}. */
  readonly id: number;
  /** As the tracer counts it; 0 where the trace does not say. The kernel uses numbers again, `id` is unique. */
  readonly pid: number;
  /** The `id` of the process that made it; null for the first, and where the trace does not say. */
  readonly parent: number | null;
  /** The file it executed last, as it was named; its maker's where it executed none. */
  readonly program: string | null;
  /** Milliseconds, see {@link SyscallTrace.timeOrigin}. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly end: ProcessEnd;
  /**
   * What it and its threads did, in the order in which each was first done: places in {@link SyscallTrace.accesses}.
   * Processes that did the same share one list.
   */
  readonly accesses: readonly number[];
}

/** How much was done between two moments. */
export interface TimelineBucket {
  /** Milliseconds, see {@link SyscallTrace.timeOrigin}; it ends {@link Timeline.width} later. */
  readonly at: number;
  /** Accesses to files that succeeded. */
  readonly found: number;
  /** Those that failed because there is no such file. */
  readonly missing: number;
  /** Those that failed otherwise, or whose result is unknown. */
  readonly refused: number;
  readonly connections: number;
}

export interface Timeline {
  /** Milliseconds. */
  readonly width: number;
  /** In the order of time; those in which nothing happened are left out. */
  readonly buckets: readonly TimelineBucket[];
}

export interface SyscallTrace {
  /** Since when times are counted: 1970, the midnight before the first of them (local time of the machine), or the start. */
  readonly timeOrigin: 'epoch' | 'midnight' | 'start' | 'none';
  readonly processes: readonly TracedProcess[];
  readonly accesses: readonly Access[];
  readonly timeline: Timeline;
  readonly notUnderstood: NotUnderstood;
}

/** What every reader of a trace does. Nothing it is given makes it throw. */
export interface TraceReader {
  /** Chunks may be cut anywhere. */
  write(chunk: Buffer): void;
  /** Takes what is left of the last line. */
  end(): void;
}
