/** What people ask of a trace: what was missing, what was read that should not be there, whom it wanted to talk to. */
import { variantBase } from '../processor-variants.ts';
import type {
  Access,
  Connection,
  FileAccess,
  SocketAddress,
  SyscallResult,
  SyscallTrace,
} from './model.ts';

/** A file or an address, and who asked for it. */
export interface Finding {
  /** Programs in the order in which they first did; null for what the trace does not name. */
  readonly programs: readonly (string | null)[];
  /** Places in {@link SyscallTrace.processes}. */
  readonly processes: readonly number[];
  readonly count: number;
  /** Milliseconds, see {@link SyscallTrace.timeOrigin}. */
  readonly firstAt: number | null;
}

export interface MissingFile extends Finding {
  readonly path: string;
  /** How it was asked for, in the order in which it first was. */
  readonly kinds: readonly FileAccess['kind'][];
  /**
   * A file of the same name that every program which missed this one found elsewhere, as in the next directory of PATH; null
   * where one found none, and for a directory in which something was looked for: another `lib` does not make up for it.
   */
  readonly foundAs: string | null;
}

export interface OutsideRead extends Finding {
  readonly path: string;
  readonly kinds: readonly FileAccess['kind'][];
}

export interface TriedConnection extends Finding {
  readonly address: SocketAddress;
  readonly results: readonly SyscallResult[];
}

/**
 * Files that were looked for, and that were not there at any attempt: what was missing first and made then is not among
 * them, nor are the variants for processors of a library that was asked for as well. The first asked for comes first.
 */
export function missingFiles(trace: SyscallTrace): readonly MissingFile[] {
  const there = foundFiles(trace);
  const missing = trace.accesses.filter(
    (access): access is FileAccess =>
      access.kind !== 'connected' && isMissing(access.result) && !there.has(access.path),
  );
  const found = foundByName(trace);
  const directories = new Set(
    trace.accesses.map((one) => (one.kind === 'connected' ? '' : directoryOf(one.path))),
  );
  return byPath(trace, withoutVariants(trace, missing)).map((file) => {
    const name = baseName(file.path);
    const others = file.programs.map((program) => found.get(program)?.get(name));
    const isMadeUpFor = !others.includes(undefined) && !directories.has(file.path);
    return { ...file, foundAs: isMadeUpFor ? (others[0] ?? null) : null };
  });
}

/** Paths that were there at some attempt. */
export function foundFiles(trace: SyscallTrace): ReadonlySet<string> {
  const there = new Set<string>();
  for (const access of trace.accesses) {
    if (access.kind !== 'connected' && isThere(access.result)) there.add(access.path);
  }
  return there;
}

function withoutVariants(
  trace: SyscallTrace,
  missing: readonly FileAccess[],
): readonly FileAccess[] {
  const asked = new Set(trace.accesses.map((one) => (one.kind === 'connected' ? '' : one.path)));
  const variants = new Set<string>();
  for (const { path } of missing) {
    const base = variantBase(path);
    if (base === null || !asked.has(base)) continue;
    // ld.so asks for the directory as well, to know whether it is worth looking there again.
    variants.add(path).add(directoryOf(path));
  }
  return missing.filter(({ path }) => !variants.has(path));
}

/** For each program the first file of each name that it found. */
function foundByName(trace: SyscallTrace): ReadonlyMap<string | null, ReadonlyMap<string, string>> {
  const programs = new Map<string | null, Map<string, string>>();
  for (const access of trace.accesses) {
    if (access.kind === 'connected' || access.kind === 'created' || access.result !== 'ok')
      continue;
    const names = programs.get(access.program) ?? new Map<string, string>();
    programs.set(access.program, names);
    const name = baseName(access.path);
    if (!names.has(name)) names.set(name, access.path);
  }
  return programs;
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Files that were read, executed or mapped and lie outside of `inside`, directories left out of the question by whoever asks.
 * Paths that are not known from the root are not among them.
 */
export function readOutside(
  trace: SyscallTrace,
  inside: readonly string[] = INSIDE,
): readonly OutsideRead[] {
  return byPath(
    trace,
    trace.accesses.filter(
      (access): access is FileAccess =>
        (access.kind === 'opened' || access.kind === 'executed' || access.kind === 'mapped') &&
        access.result === 'ok' &&
        access.path.startsWith('/') &&
        !inside.some((directory) => isWithin(access.path, directory)),
    ),
  );
}

/** What every build may read: the store, its own files, and what the sandbox makes. */
const INSIDE: readonly string[] = ['/nix/store', '/build', '/proc', '/dev', '/tmp'];

/** Connections tried, each address once. */
export function connections(trace: SyscallTrace): readonly TriedConnection[] {
  const tried = trace.accesses.filter(
    (access): access is Connection => access.kind === 'connected' && isReal(access.address),
  );
  return grouped(trace, tried, ({ address }) => JSON.stringify(address)).map(
    ({ first, all, ...finding }) => ({
      address: first.address,
      results: distinct(all.map(({ result }) => result)),
      ...finding,
    }),
  );
}

/** `8.8.8.8:53`, `[::1]:80`, `/run/nscd/socket`, `@abstract`. */
export function addressText(address: SocketAddress): string {
  switch (address.family) {
    case 'inet':
      return `${address.host}:${address.port}`;
    case 'inet6':
      return `[${address.host}]:${address.port}`;
    case 'unix':
      return address.path;
    case 'other':
      return address.name;
  }
}

/** AF_UNSPEC dissolves a connection; netlink asks the kernel about its interfaces. */
function isReal(address: SocketAddress): boolean {
  return address.family !== 'other' || !/^AF_(?:UNSPEC|NETLINK)$/.test(address.name);
}

/** ENOTDIR: a part of the path that should be a directory is a file. */
function isMissing(result: SyscallResult): boolean {
  return result === 'ENOENT' || result === 'ENOTDIR';
}

/** EACCES may be that of a directory above it; of these the kernel knows the file itself. */
function isThere(result: SyscallResult): boolean {
  return /^(?:ok|EEXIST|EISDIR|ENOTEMPTY|EINVAL|ETXTBSY|ENXIO|ENOEXEC)$/.test(result);
}

function isWithin(path: string, directory: string): boolean {
  return (
    path === directory || path.startsWith(directory.endsWith('/') ? directory : `${directory}/`)
  );
}

function byPath(
  trace: SyscallTrace,
  accesses: readonly FileAccess[],
): readonly (Finding & { readonly path: string; readonly kinds: readonly FileAccess['kind'][] })[] {
  return grouped(trace, accesses, ({ path }) => path).map(({ first, all, ...finding }) => ({
    path: first.path,
    kinds: distinct(all.map(({ kind }) => kind)),
    ...finding,
  }));
}

interface Group<A extends Access> extends Finding {
  readonly first: A;
  readonly all: readonly A[];
}

/** What has one key together, in the order of the first of each. */
function grouped<A extends Access>(
  trace: SyscallTrace,
  accesses: readonly A[],
  key: (access: A) => string,
): readonly Group<A>[] {
  const groups = new Map<string, [A, ...A[]]>();
  for (const access of accesses) {
    const there = groups.get(key(access));
    if (there === undefined) groups.set(key(access), [access]);
    else there.push(access);
  }
  const who = processesOf(trace, new Set<Access>(accesses));
  return [...groups.values()].map((all) => {
    const times = all.flatMap(({ firstAt }) => (firstAt === null ? [] : [firstAt]));
    return {
      first: all[0],
      all,
      programs: distinct(all.map(({ program }) => program)),
      processes: distinct(all.flatMap((access) => who.get(access) ?? [])),
      count: all.reduce((sum, { count }) => sum + count, 0),
      firstAt: times.length === 0 ? null : times.reduce((least, time) => Math.min(least, time)),
    };
  });
}

/** The processes that did each of the accesses. Lists that processes share are looked through once. */
function processesOf(
  trace: SyscallTrace,
  wanted: ReadonlySet<Access>,
): ReadonlyMap<Access, readonly number[]> {
  const who = new Map<Access, number[]>();
  const parts = new Map<readonly number[], readonly Access[]>();
  for (const { id, accesses } of trace.processes) {
    let part = parts.get(accesses);
    if (part === undefined) {
      part = accesses.flatMap((place) => {
        const access = trace.accesses[place];
        return access !== undefined && wanted.has(access) ? [access] : [];
      });
      parts.set(accesses, part);
    }
    for (const access of part) {
      const others = who.get(access);
      if (others === undefined) who.set(access, [id]);
      else others.push(id);
    }
  }
  return who;
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
