/** What tracing cost: the phases of a run that were traced, and what they took when they were not. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PhaseStore } from '../phases/phase-store.ts';
import type { RunRecord } from '../phases/run-record.ts';
import { LD_DIRECTORY, syscallFile, traceDirectory, type TraceKind } from '../phases/tracing.ts';

export interface TracedPhase {
  readonly phase: string;
  readonly kinds: readonly TraceKind[];
  /** Milliseconds. */
  readonly ms: number;
  /** What it took the last time it ran untraced and ended likewise (milliseconds); null where it never did. */
  readonly untracedMs: number | null;
}

/** The traced phases of a run, in its order. */
export async function tracedPhases(
  store: PhaseStore,
  run: RunRecord,
): Promise<readonly TracedPhase[]> {
  const traced: TracedPhase[] = [];
  for (const { name, status, ms } of run.phases) {
    const kinds = tracesOf(store, run.id, name);
    if (kinds.length === 0 || (status !== 'succeeded' && status !== 'failed')) continue;
    traced.push({
      phase: name,
      kinds,
      ms,
      untracedMs: await untracedTime(store, run, { name, status }),
    });
  }
  return traced;
}

/** How a phase of a run was traced. */
export function tracesOf(store: PhaseStore, run: string, phase: string): readonly TraceKind[] {
  const directory = traceDirectory(store.runDirectory(run), phase);
  return [
    ...(existsSync(join(directory, LD_DIRECTORY)) ? (['ld'] as const) : []),
    ...(syscallFile(directory) !== null ? (['syscalls'] as const) : []),
  ];
}

async function untracedTime(
  store: PhaseStore,
  run: RunRecord,
  { name: phase, status }: { readonly name: string; readonly status: 'succeeded' | 'failed' },
): Promise<number | null> {
  for (const record of await store.records()) {
    const isComparable =
      record.lineage === run.lineage && record.phase === phase && record.status === status;
    if (isComparable && tracesOf(store, record.run, phase).length === 0) return record.ms;
  }
  return null;
}
