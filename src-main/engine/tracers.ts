/** What watches system calls: whether it can here, found out before a phase begins. */
import { missingTool } from '../host/requirements.ts';
import { runTool } from '../host/process.ts';
import { programsOnPath } from '../host/programs.ts';
import { tracingFile } from '../phases/hook-files.ts';
import { TRACERS, type Tracer } from '../phases/tracing.ts';
import { StrataError } from '../protocol/errors.ts';

const OPERATION = 'tracing system calls';

/** All that resources/tracing/syscalls.bt wants of the machine: rights, a kernel with BPF, and its tracepoints. */
const PROBE = 'BEGIN { exit(); } tracepoint:syscalls:sys_enter_openat { }';

/** @throws StrataError `environment` where the tracer is missing or may not trace, `cancelled`. */
export async function checkTracer(
  tracer: Tracer,
  path: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const [found] = await programsOnPath([tracer], path);
  if (found === undefined) throw missingTool(tracer, OPERATION);
  if (tracer === 'strace') return;
  const { tool, args, said, advice } = CHECKS[tracer];
  try {
    await runTool({ operation: OPERATION, tool, args: args(), signal });
  } catch (error) {
    if (!(error instanceof StrataError) || error.code === 'cancelled') throw error;
    throw new StrataError({
      code: 'environment',
      operation: OPERATION,
      reason: `${tracer} cannot trace here: ${said(error.output ?? '') ?? error.reason}`,
      advice: `${advice}\nstrace needs neither: --tracer strace`,
      cause: error,
    });
  }
}

/**
 * What to trace with where nobody says: the first that is there and may.
 *
 * @throws StrataError `environment` where none is, in the words of strace's absence; `cancelled`.
 */
export async function chosenTracer(path: string | undefined, signal: AbortSignal): Promise<Tracer> {
  const there = await tracersOnPath(path);
  for (const tracer of there) {
    try {
      await checkTracer(tracer, path, signal);
      return tracer;
    } catch (error) {
      if (!(error instanceof StrataError) || error.code === 'cancelled') throw error;
    }
  }
  throw missingTool('strace', OPERATION);
}

/** Those that are on PATH and that this user has the rights for. Whether the kernel is such that they can is seen when they do. */
export async function tracersOnPath(path: string | undefined): Promise<Tracer[]> {
  const there = await programsOnPath(TRACERS, path);
  const isRoot = process.geteuid?.() === 0;
  return TRACERS.filter((tracer) => there.includes(tracer) && (tracer === 'strace' || isRoot));
}

interface Check {
  readonly tool: string;
  readonly args: () => readonly string[];
  /** What it says it fails for; null where it says nothing. */
  readonly said: (output: string) => string | null;
  readonly advice: string;
}

const CHECKS: Readonly<Record<Exclude<Tracer, 'strace'>, Check>> = {
  bpftrace: {
    tool: 'bpftrace',
    args: () => ['-e', PROBE],
    said: lastError,
    advice: 'bpftrace needs root, and tracefs: mount -t tracefs tracefs /sys/kernel/tracing',
  },
  sysdig: {
    tool: 'bash',
    args: () => [tracingFile('sysdig.bash'), '--check'],
    said: lastLine,
    advice:
      'sysdig needs root, and its driver in the kernel: Debian has it as falcosecurity-scap-dkms',
  },
};

/** What it says after its last `ERROR: `; below that it may point at a place in the program. Null where it says none. */
function lastError(output: string): string | null {
  return [...output.matchAll(/ERROR: (.*)/g)].at(-1)?.[1] ?? null;
}

/** sysdig 0.29 says `Unable to load the driver`, and in the next line why. */
function lastLine(output: string): string | null {
  const line = output.trim().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? null : line;
}
