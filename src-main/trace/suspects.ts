/**
 * What a failed phase may have lacked: paths and connections that it asked for in vain, the likeliest first. Nothing here is
 * certain; whether one of them is the cause is tried out (engine/explain.ts).
 */
import type { MissingInterpreter } from './missing-interpreters.ts';
import type { Lookup, SearchOrigin, TracedProcess as LoadingProcess } from './lookups.ts';
import { searchedPlaces, type SearchedPlace } from './searched-places.ts';
import {
  addressText,
  connections,
  missingFiles,
  type Finding,
  type MissingFile,
} from './syscalls/answers.ts';
import type { SyscallTrace } from './syscalls/model.ts';

export interface Suspect {
  /** `interpreter`: what a script that could not be started names; `loader`: the same of a program. */
  readonly kind: 'path' | 'network' | 'interpreter' | 'loader';
  /** The path of the host that would have to be shown; null for the network. */
  readonly path: string | null;
  /** Files or addresses that were asked for, the first ones. */
  readonly asked: readonly string[];
  readonly programs: readonly string[];
  /** Whether the machine has what was asked for, outside of the sandbox. */
  readonly isOutside: boolean;
  /** Why it is suspected, as clauses. */
  readonly reasons: readonly string[];
  /** What names the directory, where a library was looked for in it; null for all else. */
  readonly origin: SearchOrigin | null;
  /** Compares suspects of one phase; nothing more. */
  readonly score: number;
}

export interface Evidence {
  /** The phase under the sandbox in which it failed. */
  readonly inside: SyscallTrace;
  readonly libraries: readonly LoadingProcess[];
  /** Of what could not be started inside. */
  readonly interpreters: readonly MissingInterpreter[];
  /** The same phase with the host in view; null where that was not run. */
  readonly outside: SyscallTrace | null;
  readonly outsideKind: OutsideKind;
}

/** What the machine has at a path, outside of the sandbox. */
export type OutsideKind = (path: string) => 'directory' | 'other' | null;

/** How much a reason counts. A library that a program asked its loader for is the surest. */
const WORTH = {
  library: 60,
  failed: 40,
  changed: 30,
  known: 20,
  executed: 10,
  outside: 25,
} as const;

const MACHINES = 'it belongs to the machine, not to a package';

/** What is asked for by every program, or is the build's own. */
const NO_CAUSE =
  /^\/(?:nix\/store|build|proc|tmp|dev\/pts)(?:\/|$)|^\/etc\/(?:ld(?:-nix)?\.so\.|nsswitch\.conf|inputrc|terminfo|gcrypt)|^\/(?:usr\/)?lib(?:64|exec)?\/.*\/(?:glibc-hwcaps|tls|haswell|x86_64)\/|^\/(?:var\/)?run\/nscd\/|\/(?:locale|gconv)(?:\/|$)|^\/usr\/(?:local\/)?(?:s?bin)\/[^/]+$|^\/s?bin\/[^/]+$/;

/** Places that belong to a machine and not to a package. */
const KNOWN =
  /^\/(?:run\/[^/]*(?:driver|opengl)[^/]*|dev\/(?:dri|kvm|nvidia|kfd|fuse|shm)|etc\/(?:ssl|resolv\.conf|hosts|services|protocols|passwd|group|localtime|machine-id|os-release|fonts|alsa|vulkan|glvnd|OpenCL)|sys|home|root|usr\/(?:bin\/env|share\/(?:zoneinfo|vulkan|glvnd|X11|fonts|dbus-1)|lib\/locale)|var\/(?:lib|cache|run))(?:\/|$|[^/]*$)/;

/** The suspects, the likeliest first. */
export function suspects(evidence: Evidence): Suspect[] {
  const { inside, libraries, interpreters, outside, outsideKind } = evidence;
  const failed = failedProcesses(inside);
  const found = outside === null ? new Set<string>() : foundPaths(outside);
  const all = new Map<string, Suspect>();
  const add = (suspect: Suspect): void => {
    const key = suspect.path ?? '';
    const known = all.get(key);
    all.set(key, known === undefined ? suspect : merged(known, suspect));
  };

  interpreters.map((one) => interpreterSuspect(one, outsideKind)).forEach(add);
  for (const missing of missingFiles(inside)) {
    const { path, kinds } = missing;
    if (!path.startsWith('/') || isNoCause(missing)) continue;
    const there = outsideKind(path);
    if (there === null) continue;
    add({
      kind: 'path',
      path: there === 'directory' ? path : shownPath(path),
      asked: [path],
      programs: programNames(missing),
      isOutside: true,
      origin: null,
      ...weighed([
        [true, WORTH.outside, 'it is there outside of the sandbox'],
        [askedByFailed(missing, failed), WORTH.failed, 'a process that failed asked for it'],
        [found.has(path), WORTH.changed, 'with the host in view it was found'],
        [KNOWN.test(path), WORTH.known, MACHINES],
        [kinds.includes('executed'), WORTH.executed, null],
      ]),
    });
  }
  for (const process of libraries) {
    const places = searchedPlaces(process.lookups);
    for (const [at, lookup] of process.lookups.entries()) {
      if (lookup.found !== null) continue;
      librarySuspects(process, lookup, places[at] ?? [], outsideKind).forEach(add);
    }
  }
  const network = networkSuspect(inside, outside, failed);
  if (network !== null) add(network);
  return [...all.values()].sort((one, other) => other.score - one.score);
}

/** A program is looked for along PATH, and missed in most of it; but who asks for env by this path has it written down. */
function isNoCause({ path, foundAs }: MissingFile): boolean {
  return NO_CAUSE.test(path) && (path !== '/usr/bin/env' || foundAs !== null);
}

/** What could not be started, for want of what it names to be started with. */
function interpreterSuspect(
  { interpreter, of, file }: MissingInterpreter,
  outsideKind: OutsideKind,
): Suspect {
  const isOutside = outsideKind(interpreter) !== null;
  return {
    kind: of === 'script' ? 'interpreter' : 'loader',
    path: interpreter,
    asked: [interpreter],
    programs: [file],
    isOutside,
    origin: null,
    ...weighed([
      [
        true,
        WORTH.library,
        of === 'script'
          ? 'the first line of the script names it, so the script could not be started'
          : 'the program names it as its loader, so the program could not be started',
      ],
      [isOutside, WORTH.outside, 'it is there outside of the sandbox'],
      [!isOutside, 0, 'this machine does not have it either'],
      [KNOWN.test(interpreter), WORTH.known, MACHINES],
    ]),
  };
}

/** A library that was not found: the directories that a file of the build names for it, and no system has by itself. */
function librarySuspects(
  process: LoadingProcess,
  { library, kind }: Lookup,
  places: readonly SearchedPlace[],
  outsideKind: OutsideKind,
): readonly Suspect[] {
  const directories = library.includes('/')
    ? [{ directory: library.replace(/\/[^/]*$/, ''), origin: 'direct' as const }]
    : places.filter(({ origin }) => NAMED.includes(origin));
  const name = library.split('/').at(-1) ?? library;
  return directories
    .filter(({ directory }) => !NO_CAUSE.test(`${directory}/`))
    .map(({ directory, origin }): Suspect => {
      const path = `${directory}/${name}`;
      const isOutside = outsideKind(path) !== null;
      return {
        kind: 'path',
        path: directory,
        asked: [path],
        programs: process.program === null ? [] : [process.program],
        isOutside,
        origin,
        ...weighed([
          [
            true,
            WORTH.library,
            kind === 'dlopen'
              ? `a program loads ${name} while it runs, and did not find it`
              : `a program needs ${name} to start, and did not find it`,
          ],
          [isOutside, WORTH.outside, 'it is there outside of the sandbox'],
          [!isOutside, 0, 'this machine does not have it either'],
          [KNOWN.test(path), WORTH.known, MACHINES],
        ]),
      };
    });
}

/** Directories that somebody wrote down: no system has them by itself. */
const NAMED: readonly SearchOrigin[] = ['RPATH', 'RUNPATH', 'LD_LIBRARY_PATH'];

/** Connections beyond the machine that failed inside. */
function networkSuspect(
  inside: SyscallTrace,
  outside: SyscallTrace | null,
  failed: ReadonlySet<number>,
): Suspect | null {
  const isAway = (text: string): boolean => !/^(?:127\.|\[::1\]|0\.0\.0\.0|\/|@)/.test(text);
  const tried = connections(inside).filter(
    ({ address, results }) =>
      isAway(addressText(address)) &&
      !results.some((result) => /^(?:ok|EINPROGRESS)$/.test(result)),
  );
  if (tried.length === 0) return null;
  const byFailed = tried.some((one) => askedByFailed(one, failed));
  const answered =
    outside !== null &&
    connections(outside).some(
      ({ address, results }) => isAway(addressText(address)) && results.includes('ok'),
    );
  return {
    kind: 'network',
    path: null,
    asked: tried.map(({ address }) => addressText(address)).slice(0, 5),
    programs: [...new Set(tried.flatMap(programNames))],
    isOutside: true,
    origin: null,
    ...weighed([
      [true, WORTH.outside, 'the sandbox has no network'],
      [byFailed, WORTH.failed, 'a process that failed tried to connect'],
      [answered, WORTH.changed, 'with the host in view it was answered'],
    ]),
  };
}

/** Whether something speaks for a suspect, how much, and in which words; null where it needs none. */
type Sign = readonly [holds: boolean, worth: number, words: string | null];

/** What the signs that hold come to. */
function weighed(signs: readonly Sign[]): Pick<Suspect, 'reasons' | 'score'> {
  const held = signs.filter(([holds]) => holds);
  return {
    reasons: held.flatMap(([, , words]) => words ?? []),
    score: held.reduce((sum, [, worth]) => sum + worth, 0),
  };
}

function askedByFailed({ processes }: Finding, failed: ReadonlySet<number>): boolean {
  return processes.some((id) => failed.has(id));
}

function failedProcesses({ processes }: SyscallTrace): ReadonlySet<number> {
  return new Set(
    processes
      .filter(({ end }) => (end.kind === 'exited' ? end.status !== 0 : end.kind === 'killed'))
      .map(({ id }) => id),
  );
}

function foundPaths({ accesses }: SyscallTrace): ReadonlySet<string> {
  return new Set(
    accesses.flatMap((access) =>
      access.kind !== 'connected' && access.result === 'ok' ? [access.path] : [],
    ),
  );
}

/** Directories of every machine: of what is in them, each is shown by itself. */
const SHARED =
  /^(?:\/(?:etc|usr|var|run|opt|home|root|sys|dev|lib|lib64|bin|sbin|srv|mnt)?|\/usr\/(?:bin|sbin|lib|lib64|libexec|share|local|include)|\/usr\/lib\/[^/]+|\/var\/(?:lib|run|cache))$/;

/** What to show of the host so that a file is there: its directory, where that is about nothing else. */
function shownPath(path: string): string {
  const directory = path.replace(/\/[^/]*$/, '');
  return SHARED.test(directory) ? path : directory;
}

function programNames({ programs }: Finding): readonly string[] {
  return programs.filter((program) => program !== null);
}

/** The loader knows a program as it was called, `./render`; the kernel by its whole path. */
function eachOnce(programs: readonly string[]): readonly string[] {
  const whole = programs.filter((program) => program.startsWith('/'));
  const isNamed = (program: string): boolean =>
    whole.some((path) => path.endsWith(`/${program.replace(/^\.\//, '')}`));
  return [...new Set(programs.filter((program) => program.startsWith('/') || !isNamed(program)))];
}

function merged(one: Suspect, other: Suspect): Suspect {
  return {
    ...one,
    asked: [...new Set([...one.asked, ...other.asked])].slice(0, 5),
    programs: eachOnce([...one.programs, ...other.programs]),
    isOutside: one.isOutside || other.isOutside,
    origin: one.origin ?? other.origin,
    reasons: [...new Set([...one.reasons, ...other.reasons])],
    score: Math.max(one.score, other.score),
  };
}
