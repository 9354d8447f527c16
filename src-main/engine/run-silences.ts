/** Which programs of a traced run the loader said nothing of: only system calls tell that they ran. */
import type { PhaseStore } from '../phases/phase-store.ts';
import { syscallFile, traceDirectory } from '../phases/tracing.ts';
import { StrataError } from '../protocol/errors.ts';
import { silenceText, silentPrograms, type SilentProgram } from '../trace/silent-programs.ts';
import type { SyscallTrace } from '../trace/syscalls/model.ts';
import { readSandboxTrace } from './syscall-trace.ts';
import type { LibraryTrace, PhaseRoots } from './run-libraries.ts';
import { tracedRun } from './trace-reference.ts';

export { silenceText };

export interface Silences {
  readonly programs: readonly (SilentProgram & { readonly phase: string })[];
  /** Phases whose system calls were not traced: of these it is not known. */
  readonly untold: readonly string[];
}

export const NO_SILENCES: Silences = { programs: [], untold: [] };

/** @throws StrataError `not-found` where the run is gone, `cancelled`. */
export async function runSilences(
  store: PhaseStore,
  { of: { run, phase }, traced, processes }: LibraryTrace,
  roots: PhaseRoots,
  signal: AbortSignal,
): Promise<Silences> {
  const { phases } = await tracedRun(store, run);
  const programs: Silences['programs'][number][] = [];
  const untold: string[] = [];
  for (const { name, snapshot } of phases) {
    if (!traced.includes(name) || (phase !== null && name !== phase)) continue;
    const file = syscallFile(traceDirectory(store.runDirectory(run), name));
    const executed = file === null ? null : await readIfPossible(file, signal);
    if (executed === null) {
      untold.push(name);
      continue;
    }
    const spoke = processes.filter((process) => process.phase === name);
    const root = snapshot === null ? null : await roots(snapshot);
    const silent = await silentPrograms(executed, spoke, root);
    programs.push(...silent.map((one) => ({ ...one, phase: name })));
  }
  return { programs, untold };
}

/** Null for a capture of sysdig's where there is no sysdig any more: what the loader said is shown all the same. */
async function readIfPossible(file: string, signal: AbortSignal): Promise<SyscallTrace | null> {
  try {
    return await readSandboxTrace([file], signal);
  } catch (error) {
    if (error instanceof StrataError && error.code === 'environment') return null;
    throw error;
  }
}
