/** What watches system calls: whether it can here, found out before a phase begins. */
import { missingTool } from '../host/requirements.ts';
import { runTool } from '../host/process.ts';
import { programsOnPath } from '../host/programs.ts';
import type { Tracer } from '../phases/tracing.ts';
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
  if (tracer !== 'bpftrace') return;
  try {
    await runTool({ operation: OPERATION, tool: 'bpftrace', args: ['-e', PROBE], signal });
  } catch (error) {
    if (!(error instanceof StrataError) || error.code === 'cancelled') throw error;
    throw new StrataError({
      code: 'environment',
      operation: OPERATION,
      reason: `bpftrace cannot trace here: ${lastError(error.output ?? '') ?? error.reason}`,
      advice:
        'bpftrace needs root, and tracefs: mount -t tracefs tracefs /sys/kernel/tracing\n' +
        'strace needs neither: --tracer strace',
      cause: error,
    });
  }
}

/** What it says after its last `ERROR: `; below that it may point at a place in the program. Null where it says none. */
function lastError(output: string): string | null {
  return [...output.matchAll(/ERROR: (.*)/g)].at(-1)?.[1] ?? null;
}
