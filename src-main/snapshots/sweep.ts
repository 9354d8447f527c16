/**
 * Clearing up after processes that died: their active snapshots and views, the processes they left, and the trash. What
 * belongs to a living process, or to one on another machine that shares the directory, is left alone.
 */
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describingFileErrors } from '../host/durable.ts';
import { isSystemError } from '../protocol/errors.ts';
import { isRunning, ownerState, parseOwner } from './owner.ts';
import { killProcessesOf } from './stray-processes.ts';
import { OWNER_FILE, storeLayout } from './store-layout.ts';
import { deleteTree, discard, trashedBy } from './tree-removal.ts';

export interface SweepReport {
  /** The keys whose owners were dead. */
  readonly removed: readonly string[];
  /** Processes of dead runs that still lived. */
  readonly killed: readonly number[];
}

/** For this long, what has no owner's name in it yet may be about to get it. */
const SETTLING_MS = 600_000;

/**
 * Takes away what dead processes left in a store; does nothing where there is no store.
 *
 * @throws StrataError `environment` where something cannot be deleted.
 */
export async function sweep(root: string): Promise<SweepReport> {
  const { active, trash } = storeLayout(root);
  return describingFileErrors(`clearing up ${root}`, async () => {
    const removed: string[] = [];
    const killed: number[] = [];
    for (const key of await entries(active)) {
      const directory = join(active, key);
      if (!(await isAbandoned(directory))) continue;
      killed.push(...(await killProcessesOf(directory)));
      const place = await discard(directory, trash);
      if (place === undefined) continue;
      await deleteTree(place);
      if (!key.startsWith('.')) removed.push(key);
    }
    for (const name of await entries(trash)) {
      if (!isBeingRemoved(name)) await deleteTree(join(trash, name));
    }
    return { removed, killed };
  });
}

async function isAbandoned(directory: string): Promise<boolean> {
  try {
    const owner = parseOwner(await readFile(join(directory, OWNER_FILE), 'utf8'));
    if (owner !== undefined) return (await ownerState(owner)) === 'dead';
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
  }
  return isOld(directory);
}

/** An owner's file is written before a key is shown; without one it is a draft, or was cut off by a crash. */
async function isOld(directory: string): Promise<boolean> {
  try {
    return (await stat(directory)).mtimeMs < Date.now() - SETTLING_MS;
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Whoever put something in the trash may yet put it back, for a moment. */
function isBeingRemoved(name: string): boolean {
  const by = trashedBy(name);
  return by !== undefined && isRunning(by.pid) && by.since > Date.now() - SETTLING_MS;
}

async function entries(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return [];
    throw error;
  }
}
