/**
 * Whether a file that was chosen can be shown. The choice outlives the states it was made in: another phase may have the file
 * unchanged, or may not have it at all.
 */
import { RequestError } from '../../src-main/protocol/wire-error.ts';
import { callEngine } from '../connection/connection.ts';

export interface SelectedFile {
  readonly path: string;
  /** From 1; null for the beginning. */
  readonly line: number | null;
}

/**
 * Whether a state has a file at a path; false also for a directory, of which there is nothing to show.
 *
 * @throws RequestError for what does not tell it: a lost connection, a tree that cannot be read
 */
export async function hasFile(
  snapshot: string,
  path: string,
  signal: AbortSignal,
  read: typeof readNothing = readNothing,
): Promise<boolean> {
  try {
    await read(snapshot, path, signal);
    return true;
  } catch (error) {
    if (error instanceof RequestError && ABSENT.has(error.code)) return false;
    throw error;
  }
}

/** What readSnapshot says of a path that leads nowhere, and of one that is no regular file. */
const ABSENT: ReadonlySet<string> = new Set(['not-found', 'usage']);

async function readNothing(snapshot: string, path: string, signal: AbortSignal): Promise<void> {
  await callEngine('readSnapshot', { snapshot, path, offset: 0, length: 0 }, signal);
}
