/** Traces of libraries that a front looks into: read when they are asked for, and the last of them kept. */
import type { TraceSource } from '../protocol/methods.ts';
import type { SyscallTrace } from '../trace/syscalls/model.ts';
import { importTraces } from './imported-traces.ts';
import { numberedLookups, type NumberedLookups } from './libraries-view.ts';
import type { LibraryTrace } from './run-libraries.ts';
import { NO_SILENCES, type Silences } from './run-silences.ts';
import type { TraceReference } from './trace-reference.ts';

export interface OpenedTrace {
  /** Null where no file tells of libraries. */
  readonly libraries: NumberedLookups | null;
  /** Of files alone; null where none tells of system calls. */
  readonly syscalls: SyscallTrace | null;
}

/** Two that are compared; each may hold a million lookups. */
const MOST_KEPT = 2;

/** Reads the trace of a run. @throws StrataError `not-found`, `cancelled`. */
type RunLibraries = (
  reference: TraceReference,
  signal: AbortSignal,
) => Promise<{ readonly trace: LibraryTrace; readonly silent: Silences }>;

export class OpenedTraces {
  readonly #ofRun: RunLibraries;
  /** The last used at the end. */
  readonly #kept = new Map<string, OpenedTrace>();

  constructor(ofRun: RunLibraries) {
    this.#ofRun = ofRun;
  }

  /** @throws StrataError as {@link importTraces} and the reading of a run's trace do. */
  async get(source: TraceSource, signal: AbortSignal): Promise<OpenedTrace> {
    const key = JSON.stringify(source);
    const trace = this.#kept.get(key) ?? (await this.#read(source, signal));
    this.#kept.delete(key);
    this.#kept.set(key, trace);
    for (const old of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(old);
    }
    return trace;
  }

  /** The same, read anew: a run goes on, and files change. */
  async open(source: TraceSource, signal: AbortSignal): Promise<OpenedTrace> {
    this.#kept.delete(JSON.stringify(source));
    return this.get(source, signal);
  }

  async #read(source: TraceSource, signal: AbortSignal): Promise<OpenedTrace> {
    if ('run' in source) {
      const { trace, silent } = await this.#ofRun(source, signal);
      return { libraries: numberedLookups({ ...trace, silent }), syscalls: null };
    }
    const { libraries, syscalls } = await importTraces(source.paths, signal);
    const trace = {
      traced: [],
      silent: NO_SILENCES,
      processes: libraries.flatMap(({ processes }) => processes),
      notUnderstood: libraries.reduce((sum, { notUnderstood }) => sum + notUnderstood.lines, 0),
    };
    return { libraries: libraries.length === 0 ? null : numberedLookups(trace), syscalls };
  }
}
