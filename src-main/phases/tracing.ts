/**
 * Phases that are watched while they run. What is found out lies beside the run's logs, `runs/ID/traces/PHASE/`, and in no
 * layer: a traced phase leaves the files and the state that it would have left untraced, and its key knows nothing of it.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { isSystemError } from '../protocol/errors.ts';
import { CONTROL_DIRECTORY } from '../sandbox/base.ts';
import type { SandboxProcess } from '../sandbox/command.ts';
import type { ControlDirectory } from './control.ts';
import { tracingFile } from './hook-files.ts';
import { parseShellState, shellStateBytes, type ShellState } from './shell-state.ts';

/** `ld`: LD_DEBUG of the dynamic loader (ld.so(8)); `syscalls`: strace, bpftrace or sysdig. */
export type TraceKind = 'ld' | 'syscalls';

/**
 * What watches system calls, the first choice first: strace needs no rights; bpftrace needs root, and seconds to begin, but
 * stops no process; sysdig needs root and a driver in the kernel, and keeps a capture of its own format.
 */
export const TRACERS = ['strace', 'bpftrace', 'sysdig'] as const;
export type Tracer = (typeof TRACERS)[number];

/** What of a run is traced. */
export interface Tracing {
  /** The phases of each kind; null for all that run. A kind that is missing is not traced. */
  readonly phases: ReadonlyMap<TraceKind, ReadonlySet<string> | null>;
  /** Categories of LD_DEBUG, such as `libs` or `all`. */
  readonly ldDebug: string;
  /** `strace` where nothing is said. */
  readonly tracer?: Tracer;
}

/** Whether a phase is traced so. */
export function isTraced(tracing: Tracing | undefined, kind: TraceKind, phase: string): boolean {
  const phases = tracing?.phases.get(kind);
  return phases !== undefined && (phases === null || phases.has(phase));
}

/** Where what was found out about a phase is kept. */
export function traceDirectory(runDirectory: string, phase: string): string {
  return join(runDirectory, 'traces', `p-${encodeURIComponent(phase)}`);
}

/** In a phase's trace directory: files `ld.PID` as LD_DEBUG_OUTPUT has them. */
export const LD_DIRECTORY = 'ld';
/** In a phase's trace directory: what the tracer wrote. */
const SYSCALL_FILES: Readonly<Record<Tracer, string>> = {
  strace: 'strace.txt',
  bpftrace: 'bpftrace.jsonl',
  sysdig: 'sysdig.scap',
};

/** What a tracer wrote of a phase's system calls; null where none did. */
export function syscallFile(directory: string): string | null {
  const files = Object.values(SYSCALL_FILES).map((name) => join(directory, name));
  return files.find((file) => existsSync(file)) ?? null;
}

/** In the control directory; the build can write there. */
const INSIDE = 'trace';

const LD_VARIABLES = ['LD_DEBUG', 'LD_DEBUG_OUTPUT'] as const;

/** Shell code after which every program tells the loader's lookups; it comes last in the script that restores a state. */
export function ldTraceScript(tracing: Tracing, control: ControlDirectory): Buffer {
  mkdirSync(join(control.path, INSIDE));
  const [debug, output] = LD_VARIABLES;
  // Not of the phase's own shell, which has been started: only of what it starts.
  return Buffer.from(
    `export ${debug}=${tracing.ldDebug} ${output}=${CONTROL_DIRECTORY}/${INSIDE}/ld\n`,
  );
}

/** A builder that is run as a whole, with its environment so that it and what it starts tell the loader's lookups. */
export function ldTraced(
  process: SandboxProcess,
  tracing: Tracing,
  control: ControlDirectory,
): SandboxProcess {
  mkdirSync(join(control.path, INSIDE));
  const [debug, output] = LD_VARIABLES;
  const env = new Map(process.env);
  env.set(debug, tracing.ldDebug).set(output, `${CONTROL_DIRECTORY}/${INSIDE}/ld`);
  return { ...process, env };
}

/** Moves what the loader wrote to where it is kept. */
export function keepLdTrace(control: ControlDirectory, directory: string): void {
  const written = join(control.path, INSIDE);
  if (!existsSync(written)) return;
  mkdirSync(directory, { recursive: true });
  const kept = join(directory, LD_DIRECTORY);
  rmSync(kept, { recursive: true, force: true });
  renameSync(written, kept);
}

/** A state without the variables that tracing added: with those of `before`, which the phase began with. */
export function untracedState(bytes: Buffer | null, before: ShellState | null): Buffer | null {
  if (bytes === null) return null;
  const state = parseShellState(bytes);
  const variables = new Map(state.variables);
  for (const name of LD_VARIABLES) {
    const known = before?.variables.get(name);
    if (known === undefined) variables.delete(name);
    else variables.set(name, known);
  }
  return shellStateBytes({ ...state, variables });
}

/** Takes the added variables out of the dump of the environment that the stdenv makes in each phase (`dumpVars`). */
export function untraceEnvironmentDump(tree: string): void {
  let file: number;
  try {
    file = openSync(
      join(tree, 'build/env-vars'),
      constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
  } catch (error) {
    // Most builders make none; one that made something else of it keeps it.
    if (isSystemError(error)) return;
    throw error;
  }
  try {
    if (!fstatSync(file).isFile()) return;
    const text = readFileSync(file, 'latin1');
    const left = text.replace(/^declare -x LD_DEBUG(?:_OUTPUT)?=.*\n/gm, '');
    if (left === text) return;
    ftruncateSync(file, 0);
    writeSync(file, left, 0, 'latin1');
  } finally {
    closeSync(file);
  }
}

/** The command that runs another under a tracer, which writes into a phase's trace directory. */
export function tracerCommand(
  tracer: Tracer,
  command: readonly string[],
  directory: string,
): readonly string[] {
  const file = join(directory, SYSCALL_FILES[tracer]);
  switch (tracer) {
    case 'strace':
      return straceCommand(command, file);
    case 'bpftrace':
      return ['bash', tracingFile('bpftrace.bash'), file, ...command];
    case 'sysdig':
      return ['bash', tracingFile('sysdig.bash'), file, ...command];
  }
}

/**
 * The command that runs another under strace and writes what it sees to a file. Descriptors are shown by number: their paths
 * would be those of another mount namespace. Strings are long enough for paths.
 */
function straceCommand(command: readonly string[], file: string): readonly string[] {
  return ['strace', ...STRACE_OPTIONS, '-o', file, '--', ...command];
}

const STRACE_OPTIONS = [
  '-f',
  '-ttt',
  '-s',
  '4096',
  // What is not asked for runs at full speed: the kernel filters (strace(1), --seccomp-bpf).
  '--seccomp-bpf',
  '-e',
  'trace=%file,%process,mmap,connect,fchdir,close,dup,dup2,dup3,fcntl',
];
