/** The logs of runs as the fronts read them: of one phase, or of all phases one after another. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { LOG_FILE, TIMES_FILE } from '../phases/phase-log.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import { runLogDirectory } from '../phases/run-log.ts';
import type { RunRecord } from '../phases/run-record.ts';
import { SETUP } from '../phases/setup.ts';
import { searchLines, type FoundLines, type LineBlock, type LineQuery } from './line-search.ts';
import { LogIndex, type Mark } from './log-index.ts';
import { timesOf } from './log-times.ts';

/** Which log: with `phase` null that of the whole run. */
export interface LogName {
  readonly run: string;
  readonly phase: string | null;
}

export interface LogInfo {
  readonly lines: number;
  readonly bytes: number;
  readonly marks: readonly Mark[];
  readonly phases: readonly { readonly name: string; readonly line: number }[];
}

/** The log of one phase on the disk. */
interface Source {
  readonly name: string;
  readonly directory: string;
  readonly state: 'growing' | 'finished';
}

/** A source with its index, and the number of its first line in the log it is part of. */
interface Part extends Source {
  readonly index: LogIndex;
  readonly first: number;
}

/** Indexes that are kept. */
const MOST_INDEXES = 128;

export class RunLogs {
  readonly #store: PhaseStore;
  readonly #isLive: (run: string) => boolean;
  /** By file and inode, the one last used last. */
  readonly #indexes = new Map<string, LogIndex>();

  /** @param isLive whether a run goes on in this engine; those of others are found out about */
  constructor(store: PhaseStore, isLive: (run: string) => boolean) {
    this.#store = store;
    this.#isLive = isLive;
  }

  async info(name: LogName, signal: AbortSignal): Promise<LogInfo> {
    const parts = await this.#parts(name, signal);
    return {
      lines: parts.reduce((sum, { index }) => sum + index.lines, 0),
      bytes: parts.reduce((sum, { index }) => sum + index.bytes, 0),
      marks: parts.flatMap(({ index, first }) =>
        index.marks.map(({ line, kind }) => ({ line: first + line, kind })),
      ),
      phases: parts.map((part) => ({ name: part.name, line: part.first })),
    };
  }

  async lines(
    name: LogName,
    from: number,
    count: number,
    signal: AbortSignal,
  ): Promise<{ text: string; at: number }[]> {
    const found: { text: string; at: number }[] = [];
    for (const { index, first, directory } of await this.#parts(name, signal)) {
      const missing = count - found.length;
      const begin = Math.max(from - first, 0);
      if (missing <= 0 || begin >= index.lines) continue;
      const lines = await index.read(begin, missing, signal);
      const offsets = lines.map(({ offset }) => offset);
      const times = await timesOf(join(directory, TIMES_FILE), offsets);
      found.push(...lines.map(({ text }, at) => ({ text, at: times[at] ?? 0 })));
    }
    return found;
  }

  /** @throws StrataError `usage` for what is no regular expression, or one that takes too long. */
  async search(name: LogName, query: LineQuery, signal: AbortSignal): Promise<FoundLines> {
    return searchLines(this.#blocks(name, signal), query, signal);
  }

  async *#blocks(name: LogName, signal: AbortSignal): AsyncGenerator<LineBlock> {
    for (const { index, first } of await this.#parts(name, signal)) {
      for await (const { from, texts } of index.blocks(signal)) {
        yield { from: first + from, texts };
      }
    }
  }

  async #parts(name: LogName, signal: AbortSignal): Promise<readonly Part[]> {
    const parts: Part[] = [];
    let first = 0;
    for (const source of await this.#sources(name)) {
      const index = await this.#index(source, signal);
      if (index === null) continue;
      parts.push({ ...source, index, first });
      first += index.lines;
    }
    return parts;
  }

  async #index(source: Source, signal: AbortSignal): Promise<LogIndex | null> {
    const file = join(source.directory, LOG_FILE);
    const inode = await inodeOf(file);
    if (inode === null) return null;
    const key = `${file} ${inode}`;
    const index = this.#indexes.get(key) ?? new LogIndex(file);
    this.#indexes.delete(key);
    this.#indexes.set(key, index);
    for (const old of this.#indexes.keys()) {
      if (this.#indexes.size <= MOST_INDEXES) break;
      this.#indexes.delete(old);
    }
    await index.update(source.state, signal);
    return index;
  }

  async #sources({ run: id, phase }: LogName): Promise<readonly Source[]> {
    const run = await this.#run(id);
    const live =
      run.status === 'running' && (this.#isLive(id) || (await this.#store.isRunning(id)));
    if (phase !== null) {
      const source = await this.#source(run, phase, live);
      return source === null ? [] : [source];
    }
    // A setup that another run made is no part of this one's log.
    const own = runLogDirectory(this.#store.runDirectory(id), SETUP);
    const setup =
      (await inodeOf(join(own, LOG_FILE))) === null ? null : await this.#source(run, SETUP, live);
    const sources = setup === null ? [] : [setup];
    const seen = new Set<string>();
    for (const { name } of run.phases) {
      if (name === SETUP) continue;
      const source = await this.#source(run, name, live);
      if (source === null) continue;
      sources.push(source);
      seen.add((await inodeOf(join(source.directory, LOG_FILE))) ?? '');
    }
    // Where the builder could not be stopped before its first phase, the setup's log is that of the whole build.
    const isDouble = setup !== null && seen.has((await inodeOf(join(own, LOG_FILE))) ?? 'none');
    return isDouble ? sources.slice(1) : sources;
  }

  /** The phase's log in this run, or that of the snapshot which was reused; null where there is none. */
  async #source(run: RunRecord, name: string, live: boolean): Promise<Source | null> {
    const entry = run.phases.find((phase) => phase.name === name);
    const going = entry === undefined ? run.phases.length === 0 : entry.status === 'running';
    const state = live && going ? 'growing' : 'finished';
    const own = runLogDirectory(this.#store.runDirectory(run.id), name);
    if ((await inodeOf(join(own, LOG_FILE))) !== null) return { name, directory: own, state };
    const snapshot = name === SETUP ? run.initial : (entry?.snapshot ?? null);
    if (snapshot === null) return null;
    return { name, directory: this.#store.snapshotDirectory(snapshot), state: 'finished' };
  }

  async #run(id: string): Promise<RunRecord> {
    const run = /^\w+$/.test(id) ? await this.#store.run(id) : null;
    if (run !== null) return run;
    throw new StrataError({
      code: 'not-found',
      operation: 'reading a log',
      reason: `there is no run ${id}`,
    });
  }
}

/** What tells a file from another that had its name before; null where there is none. */
async function inodeOf(file: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(file);
    return `${dev}:${ino}`;
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return null;
    throw error;
  }
}
