/**
 * What Nix fetches and copies during a build. A substitution copies a path, and that downloads a file: three activities, each
 * the parent of the next, which are one transfer here.
 */
import type { Activity, Result } from './log-events.ts';

export interface Transfer {
  /** A store path; for a download that belongs to none, its address. */
  readonly path: string;
  readonly kind: 'substitute' | 'copy' | 'download';
  /** Addresses of stores; the empty string where Nix does not name one. */
  readonly from: string;
  readonly to: string;
  readonly state: 'waiting' | 'running' | 'ended';
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Bytes: of the download where there is one, of what is unpacked otherwise. */
  readonly done: number;
  /** Bytes; 0 where the server did not say. */
  readonly expected: number;
}

/** Transfers that are kept: the largest closures have some thousands of paths. */
const MOST_TRANSFERS = 50_000;

interface Entry {
  transfer: Transfer;
  /** The outermost activity: the transfer ends with it. Null until it begins. */
  owner: string | null;
  /** The activity whose bytes count: the innermost. */
  counted: string | null;
  version: number;
}

/** The activities that a transfer can consist of. */
type TransferActivity = Extract<
  Activity,
  { readonly kind: 'copy-path' | 'file-transfer' | 'substitute' }
>;

type Progress = Extract<Result, { readonly kind: 'progress' }>;

export class BuildTransfers {
  readonly #entries: Entry[] = [];
  /** Those announced that have not begun, by their path. */
  readonly #waiting = new Map<string, Entry>();
  /** By the ids of all their activities that go on. */
  readonly #running = new Map<string, Entry>();

  get all(): readonly Transfer[] {
    return this.#entries.map(({ transfer }) => transfer);
  }

  since(version: number): readonly Transfer[] {
    return this.#entries.filter((entry) => entry.version > version).map(({ transfer }) => transfer);
  }

  announce(path: string, version: number): void {
    if (this.#waiting.has(path)) return;
    const entry = this.#add({ path, kind: 'substitute', from: '', to: '' }, version);
    if (entry !== null) this.#waiting.set(path, entry);
  }

  start(
    id: string,
    parent: string | null,
    activity: TransferActivity,
    at: number | null,
    version: number,
  ): void {
    const described = describe(activity);
    const around = parent === null ? undefined : this.#running.get(parent);
    if (around !== undefined) {
      this.#running.set(id, around);
      around.counted = id;
      return;
    }
    const entry = this.#waiting.get(described.path) ?? this.#add(described, version);
    if (entry === null) return;
    this.#waiting.delete(described.path);
    this.#running.set(id, entry);
    entry.owner = id;
    entry.counted = id;
    this.#change(entry, { ...described, state: 'running', startedAt: at }, version);
  }

  progress(id: string, { done, expected }: Progress, version: number): void {
    const entry = this.#running.get(id);
    if (entry?.counted === id) this.#change(entry, { done, expected }, version);
  }

  stop(id: string, at: number | null, version: number): void {
    const entry = this.#running.get(id);
    if (entry === undefined) return;
    this.#running.delete(id);
    if (entry.owner === id) this.#change(entry, { state: 'ended', endedAt: at }, version);
  }

  endAll(at: number | null, version: number): void {
    // Those too whose activity is lost, as in a log that uses an id twice.
    for (const entry of this.#entries) {
      if (entry.transfer.state !== 'running') continue;
      this.#change(entry, { state: 'ended', endedAt: at }, version);
    }
    this.#running.clear();
  }

  #add(described: Described, version: number): Entry | null {
    if (this.#entries.length >= MOST_TRANSFERS) return null;
    const transfer: Transfer = {
      ...described,
      state: 'waiting',
      startedAt: null,
      endedAt: null,
      done: 0,
      expected: 0,
    };
    const entry: Entry = { transfer, owner: null, counted: null, version };
    this.#entries.push(entry);
    return entry;
  }

  #change(entry: Entry, change: Partial<Transfer>, version: number): void {
    entry.transfer = { ...entry.transfer, ...change };
    entry.version = version;
  }
}

type Described = Pick<Transfer, 'path' | 'kind' | 'from' | 'to'>;

function describe(activity: TransferActivity): Described {
  switch (activity.kind) {
    case 'substitute':
      return { path: activity.path, kind: 'substitute', from: activity.from, to: '' };
    case 'copy-path':
      return { path: activity.path, kind: 'copy', from: activity.from, to: activity.to };
    case 'file-transfer':
      return { path: activity.uri, kind: 'download', from: activity.uri, to: '' };
  }
}
