/** What the loader said in the traced phases of a run (phases/tracing.ts), read into the model of trace/lookups.ts. */
import { constants } from 'node:fs';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import { findRun } from '../phases/snapshot-reference.ts';
import { LD_DIRECTORY, traceDirectory } from '../phases/tracing.ts';
import { LdDebugReader } from '../trace/ld-debug/ld-debug-reader.ts';
import { LookupPool } from '../trace/ld-debug/lookup-pool.ts';
import type { TracedProcess } from '../trace/lookups.ts';

export interface LibraryTrace {
  /** The phases of the run that were traced so. */
  readonly traced: readonly string[];
  /** In the order of the phases, and in each of the numbers of the processes. */
  readonly processes: readonly TracedProcess[];
  /** Lines that were not understood. */
  readonly notUnderstood: number;
}

/**
 * Reads the trace of a phase, or with `phase` null of all phases of a run.
 *
 * @throws StrataError `not-found` where there is no such run, `cancelled`.
 */
export async function libraryTrace(
  store: PhaseStore,
  { run, phase }: { readonly run: string; readonly phase: string | null },
  signal: AbortSignal,
): Promise<LibraryTrace> {
  const record = /^\w+$/.test(run) ? await store.run(run) : null;
  if (record === null) {
    throw new StrataError({
      code: 'not-found',
      operation: 'reading a trace',
      reason: `there is no run ${run}`,
    });
  }
  const traced: string[] = [];
  const processes: TracedProcess[] = [];
  let notUnderstood = 0;
  // Thousands of shells that do the same are one list in memory.
  const pool = new LookupPool();
  for (const { name } of record.phases) {
    const directory = join(traceDirectory(store.runDirectory(run), name), LD_DIRECTORY);
    const files = await traceFiles(directory);
    if (files === null) continue;
    traced.push(name);
    if (phase !== null && name !== phase) continue;
    for (const file of files) {
      const reader = new LdDebugReader(pool);
      await readInto(reader, join(directory, file), signal);
      const read = reader.end();
      processes.push(...read.processes.map((process) => ({ ...process, phase: name })));
      notUnderstood += read.notUnderstood.lines;
    }
  }
  return { traced, processes, notUnderstood };
}

/**
 * The same of a run, or a phase of one, as a person names it: `last`, `RUN`, `RUN:PHASE`.
 *
 * @throws StrataError `not-found` where there is none of that name, or it was not traced.
 */
export async function namedLibraryTrace(
  store: PhaseStore,
  reference: string,
  signal: AbortSignal,
): Promise<LibraryTrace> {
  const [word = '', phase = null] = reference.split(':', 2);
  const run = await findRun(store, word);
  const operation = `looking for the trace of ${reference}`;
  if (run === null) {
    throw new StrataError({
      code: 'not-found',
      operation,
      reason: `there is no run ${word}, and no file of that name`,
      advice:
        'name a run, RUN:PHASE, last, or files with what LD_DEBUG printed; strata ls lists runs',
    });
  }
  const trace = await libraryTrace(store, { run: run.id, phase }, signal);
  if (phase === null ? trace.traced.length > 0 : trace.traced.includes(phase)) return trace;
  const others = trace.traced.length === 0 ? '' : `; ${trace.traced.join(', ')} was`;
  throw new StrataError({
    code: 'not-found',
    operation,
    reason: `${phase ?? 'no phase of it'} was ${phase === null ? '' : 'not '}traced${others}`,
    advice: `trace it: strata run --trace ld${phase === null ? '' : ` --from ${phase}`}`,
  });
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
