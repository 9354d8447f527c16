/**
 * What a full disk means where a person named the place, or where it is known how much is wanted: which file system, what
 * is needed and what is free. describeFileError (durable.ts) has the words for all others.
 */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatBytes } from '../protocol/byte-size.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';

/** As the C library says it, for ENOSPC and EDQUOT, and SQLite of Nix's database (SQLITE_FULL). */
const WORDS = /No space left on device|Disk quota exceeded|database or disk is full/;

/** Whether something failed for want of room: a file operation of ours, or a tool on our behalf. */
export function isFull(error: unknown): boolean {
  if (isSystemError(error)) return error.code === 'ENOSPC' || error.code === 'EDQUOT';
  if (!(error instanceof StrataError)) return false;
  return WORDS.test(error.output ?? '') || WORDS.test(error.reason) || isFull(error.cause);
}

export interface RoomWanted {
  readonly operation: string;
  /** The directory that was written to, which may be gone by now. */
  readonly place: string;
  /** Null where nobody knows. */
  readonly needed: {
    readonly bound: 'about' | 'at least' | 'up to';
    readonly bytes: number;
  } | null;
  readonly advice: string;
}

/** Told already, by whoever knew the place best. */
class FullDisk extends StrataError {}

/**
 * The error to throw for one of which {@link isFull} holds. What is free counts when it is asked: after the half-written
 * is gone.
 */
export async function fullDisk(
  error: unknown,
  { operation, place, needed, advice }: RoomWanted,
): Promise<StrataError> {
  if (error instanceof FullDisk) return error;
  const free = await freeBytes(place);
  const amounts = [
    ...(needed === null ? [] : [`${needed.bound} ${formatBytes(needed.bytes)} are needed`]),
    ...(free === null ? [] : [`${formatBytes(free)} are free`]),
  ];
  return new FullDisk({
    code: 'environment',
    operation,
    reason: [`no space is left on ${place}`, amounts.join(', ')]
      .filter((part) => part !== '')
      .join(': '),
    advice,
    cause: error,
  });
}

/** What this user may still write there; null where that cannot be asked. */
async function freeBytes(place: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(place);
    return bavail * bsize;
  } catch (error) {
    const isGone = isSystemError(error) && error.code === 'ENOENT';
    return isGone && dirname(place) !== place ? freeBytes(dirname(place)) : null;
  }
}
