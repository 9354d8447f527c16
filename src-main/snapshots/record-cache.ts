/**
 * The recorded changes of committed snapshots, kept in memory while there is room: a run asks for its first, large layer
 * again at each phase.
 */
import { statSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { openChanges, type ChangeRecords } from './changes-file.ts';
import { CHANGES_FILE } from './store-layout.ts';

/** Characters of one byte each, over all files kept. */
const ROOM = 128_000_000;

interface Kept {
  /** Which file it was: a name can be another snapshot's later. */
  readonly identity: string;
  readonly records: ChangeRecords;
}

export class RecordCache {
  readonly #snapshots: string;
  /** In the order of use, the longest unused first. */
  readonly #kept = new Map<string, Kept>();
  #size = 0;

  /** @param snapshots the directory of the committed snapshots. */
  constructor(snapshots: string) {
    this.#snapshots = snapshots;
  }

  /** The records of a committed snapshot. @throws StrataError `not-found`, or `format` where the file is damaged. */
  async load(name: string): Promise<ChangeRecords> {
    const path = join(this.#snapshots, name, CHANGES_FILE);
    try {
      // A run asks for every layer below at each phase: another thread would take longer than the system call.
      const kept = this.#kept.get(name);
      if (kept?.identity === identityOf(statSync(path))) {
        this.#keep(name, kept);
        return kept.records;
      }
      const handle = await open(path, 'r');
      try {
        const identity = identityOf(await handle.stat());
        const records = openChanges(await handle.readFile(), path);
        this.#keep(name, { identity, records });
        return records;
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (isSystemError(error) && error.code === 'ENOENT') throw noSnapshot(name);
      throw error;
    }
  }

  #keep(name: string, kept: Kept): void {
    this.#drop(name);
    this.#kept.set(name, kept);
    this.#size += kept.records.end;
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= ROOM) break;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    const kept = this.#kept.get(name);
    if (kept === undefined) return;
    this.#kept.delete(name);
    this.#size -= kept.records.end;
  }
}

function identityOf({ dev, ino, mtimeMs, size }: Stats): string {
  return `${dev} ${ino} ${mtimeMs} ${size}`;
}

/** The error for a name no snapshot has. */
export function noSnapshot(name: string): StrataError {
  return new StrataError({
    code: 'not-found',
    operation: `looking for snapshot ${name}`,
    reason: 'there is no such snapshot',
    advice: 'strata ls lists them',
  });
}
