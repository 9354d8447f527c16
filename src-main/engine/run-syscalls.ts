/** What strace, bpftrace or sysdig saw of the traced phases of a run (phases/tracing.ts), as one trace. */
import type { PhaseStore } from '../phases/phase-store.ts';
import { syscallFile, traceDirectory } from '../phases/tracing.ts';
import type { SyscallTrace } from '../trace/syscalls/model.ts';
import { readSandboxTrace } from './syscall-trace.ts';
import { namedTrace, tracedRun, type Traced, type TraceReference } from './trace-reference.ts';

export interface RunSyscalls extends Traced {
  /** Of the phase that was asked for, or of all. */
  readonly trace: SyscallTrace;
}

/**
 * Reads the trace of a phase, or of all phases of a run.
 *
 * @throws StrataError `not-found` where there is no such run, `cancelled`.
 */
export async function runSyscalls(
  store: PhaseStore,
  { run, phase }: TraceReference,
  signal: AbortSignal,
): Promise<RunSyscalls> {
  const { phases } = await tracedRun(store, run);
  const files = phases
    .map(({ name }) => ({
      name,
      file: syscallFile(traceDirectory(store.runDirectory(run), name)),
    }))
    .filter((traced): traced is { name: string; file: string } => traced.file !== null);
  const wanted = files.filter(({ name }) => phase === null || name === phase);
  return {
    traced: files.map(({ name }) => name),
    trace: await readSandboxTrace(
      wanted.map(({ file }) => file),
      signal,
    ),
  };
}

/** The same of what a person names: `last`, `RUN`, `RUN:PHASE`. @throws StrataError `not-found`, `cancelled`. */
export async function namedSyscalls(
  store: PhaseStore,
  reference: string,
  signal: AbortSignal,
): Promise<RunSyscalls> {
  const kind = { kind: 'syscalls', files: 'files that strace, bpftrace or sysdig wrote' } as const;
  return namedTrace(store, reference, kind, async (named) => runSyscalls(store, named, signal));
}
