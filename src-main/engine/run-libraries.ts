/** What the loader said in the traced phases of a run (phases/tracing.ts), read into the model of trace/lookups.ts. */
import { constants } from 'node:fs';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../protocol/errors.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import { LD_DIRECTORY, traceDirectory } from '../phases/tracing.ts';
import { LdDebugReader } from '../trace/ld-debug/ld-debug-reader.ts';
import { LookupPool } from '../trace/ld-debug/lookup-pool.ts';
import type { TracedProcess } from '../trace/lookups.ts';
import type { StaticRoot } from '../trace/static-root.ts';
import { WorkedOutOutcomes, hasUnknown } from '../trace/worked-out-outcomes.ts';
import { namedTrace, tracedRun, type Traced, type TraceReference } from './trace-reference.ts';

/** The root as a phase saw it, by its snapshot; null where it cannot be had. */
export type PhaseRoots = (snapshot: string) => Promise<StaticRoot | null>;

export interface LibraryTrace extends Traced {
  readonly of: TraceReference;
  /** In the order of the phases, and in each of the numbers of the processes. */
  readonly processes: readonly TracedProcess[];
  /** Lines that were not understood. */
  readonly notUnderstood: number;
}

/**
 * Reads the trace of a phase, or with `phase` null of all phases of a run.
 *
 * @param roots where given, what the loader did not say of a file is worked out from the files
 * @throws StrataError `not-found` where there is no such run, `cancelled`.
 */
export async function libraryTrace(
  store: PhaseStore,
  of: TraceReference,
  signal: AbortSignal,
  roots?: PhaseRoots,
): Promise<LibraryTrace> {
  const { run, phase } = of;
  const record = await tracedRun(store, run);
  const traced: string[] = [];
  const processes: TracedProcess[] = [];
  let notUnderstood = 0;
  // Thousands of shells that do the same are one list in memory.
  const pool = new LookupPool();
  for (const { name, snapshot } of record.phases) {
    const directory = join(traceDirectory(store.runDirectory(run), name), LD_DIRECTORY);
    const files = await traceFiles(directory);
    if (files === null) continue;
    traced.push(name);
    if (phase !== null && name !== phase) continue;
    const own: TracedProcess[] = [];
    for (const file of files) {
      const reader = new LdDebugReader(pool);
      await readInto(reader, join(directory, file), signal);
      const read = reader.end();
      own.push(...read.processes.map((process) => ({ ...process, phase: name })));
      notUnderstood += read.notUnderstood.lines;
    }
    const root = async () => (snapshot === null ? null : ((await roots?.(snapshot)) ?? null));
    for (const process of await withOutcomes(own, root, signal)) processes.push(process);
  }
  return { of, traced, processes, notUnderstood };
}

/** The same of what a person names: `last`, `RUN`, `RUN:PHASE`. @throws StrataError `not-found`, `cancelled`. */
export async function namedLibraryTrace(
  store: PhaseStore,
  reference: string,
  signal: AbortSignal,
  roots?: PhaseRoots,
): Promise<LibraryTrace> {
  const kind = {
    kind: 'ld',
    files: 'SNAPSHOT:PATH, or files with what LD_DEBUG printed',
  } as const;
  return namedTrace(store, reference, kind, async (named) =>
    libraryTrace(store, named, signal, roots),
  );
}

/** With what the loader did not say worked out. The root is asked for only where something is to be. */
async function withOutcomes(
  processes: readonly TracedProcess[],
  rootOf: () => Promise<StaticRoot | null>,
  signal: AbortSignal,
): Promise<readonly TracedProcess[]> {
  const lists = new Set(processes.map(({ lookups }) => lookups));
  if (![...lists].some(hasUnknown)) return processes;
  const root = await rootOf();
  if (root === null) return processes;
  const outcomes = new WorkedOutOutcomes(root);
  const known: TracedProcess[] = [];
  for (const process of processes) {
    signal.throwIfAborted();
    known.push(await outcomes.of(process));
  }
  return known;
}

/** `ld.PID`, by number; null where the phase was not traced. */
async function traceFiles(directory: string): Promise<readonly string[] | null> {
  try {
    const names = (await readdir(directory)).filter((name) => /^ld\.\d+$/.test(name));
    return names.toSorted((one, other) => Number(one.slice(3)) - Number(other.slice(3)));
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** The build could write there: what is no regular file is passed over. */
async function readInto(reader: LdDebugReader, path: string, signal: AbortSignal): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isSystemError(error)) return;
    throw error;
  }
  try {
    if (!(await file.stat()).isFile()) return;
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      signal.throwIfAborted();
      reader.write(chunk as Buffer);
    }
  } finally {
    await file.close();
  }
}
