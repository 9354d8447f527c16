/**
 * Clearing up after processes that died: their active snapshots and views, the processes they left, and the trash. What
 * belongs to a living process, or to one on another machine that shares the directory, is left alone.
 */
import { access, constants, mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { draftMaker } from '../host/draft.ts';
import { describingFileErrors } from '../host/durable.ts';
import { isSystemError } from '../protocol/errors.ts';
import { ownerState, parseOwner } from './owner.ts';
import { killProcessesOf } from './stray-processes.ts';
import { OWNER_FILE, storeLayout } from './store-layout.ts';
import { deleteTree, discard } from './tree-removal.ts';

export interface SweepReport {
  /** The keys whose owners were dead. */
  readonly removed: readonly string[];
  /** Processes of dead runs that still lived. */
  readonly killed: readonly number[];
}

/** Where drafts of files and directories lie, beside those of active snapshots. */
const DRAFT_PLACES = ['', 'bases', 'runs'];

/** The kernel ends the processes of a sandbox within milliseconds of its first one. */
const PATIENCE_MS = 2000;

/** For this long, what has no owner's name in it yet may be about to get it. */
const SETTLING_MS = 600_000;

/**
 * Takes away what dead processes left in a store; does nothing where there is no store.
 *
 * @throws StrataError `environment` where something cannot be deleted.
 */
export async function sweep(root: string): Promise<SweepReport> {
  const { active, trash } = storeLayout(root);
  if (!(await canWrite(root))) return { removed: [], killed: [] };
  return describingFileErrors(`clearing up ${root}`, async () => {
    const removed: string[] = [];
    const killed: number[] = [];
    for (const key of await entries(active)) {
      const directory = join(active, key);
      if (!(await isAbandoned(directory))) continue;
      killed.push(...(await killProcessesOf(directory)));
      await mkdir(trash, { recursive: true });
      const place = await discard(directory, trash);
      if (place === undefined) continue;
      await deleteSettling(place);
      if (!key.startsWith('.')) removed.push(key);
    }
    for (const name of await entries(trash)) {
      if (!isBeingRemoved(name)) await deleteTree(join(trash, name));
    }
    for (const place of DRAFT_PLACES) {
      for (const name of await entries(join(root, place))) {
        if (draftMaker(name)?.state === 'gone') await deleteTree(join(root, place, name));
      }
    }
    return { removed, killed };
  });
}

/** A sandbox whose supervisor was killed may write for another moment: its tree fills while it is emptied. */
async function deleteSettling(place: string): Promise<void> {
  const patience = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await deleteTree(place);
      return;
    } catch (error) {
      if (Date.now() > patience) throw error;
      await sleep(50);
    }
  }
}

/** What cannot be written can still be read, whatever lies about in it. */
async function canWrite(root: string): Promise<boolean> {
  try {
    await access(root, constants.W_OK);
    return true;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

async function isAbandoned(directory: string): Promise<boolean> {
  try {
    const owner = parseOwner(await readFile(join(directory, OWNER_FILE), 'utf8'));
    if (owner !== undefined) return ownerState(owner) === 'dead';
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
  }
  return draftMaker(basename(directory))?.state === 'gone' || isOld(directory);
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
  const maker = draftMaker(name);
  if (maker === undefined || maker.state === 'gone') return false;
  return maker.since > Date.now() - SETTLING_MS;
}

async function entries(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return [];
    throw error;
  }
}
