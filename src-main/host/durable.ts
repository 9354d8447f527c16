/**
 * Writing files so that they are there after a power cut, and saying in one way what a full, read-only or forbidden file
 * system means for the person.
 *
 * A name is durable once the directory that holds it was synced; contents once the file was. A rename over the old file
 * then leaves the old or the new one, never a half.
 */
import { closeSync, existsSync, fsync, openSync, renameSync } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { draftName } from './draft.ts';

/** What refuses, by the system call's code, and what can be done about it. */
const CAUSES: Readonly<Record<string, { readonly reason: string; readonly advice: string }>> = {
  ENOSPC: {
    reason: 'no space is left on the file system',
    advice: 'free some space: strata gc --max-size SIZE removes snapshots nothing needs',
  },
  EDQUOT: {
    reason: 'the disk quota is used up',
    advice: 'free some space: strata gc --max-size SIZE removes snapshots nothing needs',
  },
  EROFS: {
    reason: 'the file system is read-only',
    advice: 'set XDG_CACHE_HOME to a directory that can be written',
  },
  EACCES: {
    reason: 'permission denied',
    advice: 'make the directory yours, or set XDG_CACHE_HOME to a directory that can be written',
  },
  EPERM: {
    reason: 'operation not permitted',
    advice: 'make the directory yours, or set XDG_CACHE_HOME to a directory that can be written',
  },
  ENOTDIR: {
    reason: 'a file stands where a directory is needed',
    advice: 'move it away, or set XDG_CACHE_HOME to a directory that can be written',
  },
  EMFILE: {
    reason: 'too many files are open in this process',
    advice: 'raise the limit: ulimit -n 4096',
  },
  EIO: { reason: 'the disk gave an input/output error', advice: 'look at the kernel log: dmesg' },
};

/** The same causes as GNU tools and the C library word them, for tools that failed on our behalf. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, 'ENOSPC'],
  [/Disk quota exceeded/, 'EDQUOT'],
  [/Read-only file system/, 'EROFS'],
  [/Input\/output error/, 'EIO'],
  [/Permission denied/, 'EACCES'],
  [/Operation not permitted/, 'EPERM'],
];

/**
 * The error to throw for a file operation that failed: a StrataError `environment` with advice where the file system
 * refused, the error itself where it is of another kind.
 *
 * @param operation what was being done, as a gerund: "committing snapshot a1b2".
 */
export function describeFileError(operation: string, error: unknown): unknown {
  if (isSystemError(error)) {
    const cause = CAUSES[error.code ?? ''];
    if (cause === undefined) return error;
    const where = error.path === undefined ? '' : `: ${error.path}`;
    return new StrataError({
      code: 'environment',
      operation,
      reason: `${cause.reason}${where}`,
      advice: cause.advice,
      cause: error,
    });
  }
  if (error instanceof StrataError && error.code === 'environment' && error.output !== undefined) {
    const { output } = error;
    const cause = CAUSES[WORDS.find(([words]) => words.test(output))?.[1] ?? ''];
    if (cause !== undefined) {
      return new StrataError({ code: 'environment', operation, ...cause, output, cause: error });
    }
  }
  return error;
}

/** Runs `work`, and throws {@link describeFileError} of what it throws. */
export async function describingFileErrors<T>(
  operation: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw describeFileError(operation, error);
  }
}

/** As {@link describingFileErrors} where a person named the place: the way out is another one, and not another cache. */
export async function describingNamedErrors<T>(
  operation: string,
  work: () => Promise<T>,
): Promise<T> {
  return describingFileErrors(operation, work).catch((error: unknown) => {
    const { code } = error instanceof StrataError && isSystemError(error.cause) ? error.cause : {};
    const advice = code === undefined ? undefined : NAMED_ADVICE[code];
    if (!(error instanceof StrataError) || advice === undefined) throw error;
    throw new StrataError({
      code: error.code,
      operation: error.operation,
      reason: error.reason,
      advice,
      cause: error.cause,
    });
  });
}

const NAMED_ADVICE: Readonly<Record<string, string>> = {
  EROFS: 'name a place that can be written',
  EACCES: 'ask its owner for the right to it, or name another place',
  EPERM: 'ask its owner for the right to it, or name another place',
  ENOTDIR: 'name a directory',
};

/** Waits until a file's contents, or a directory's names, are on the disk. @throws the system's error. */
async function syncPath(path: string): Promise<void> {
  // Only the waiting is left to another thread.
  const file = openSync(path, 'r');
  try {
    await sync(file);
  } finally {
    closeSync(file);
  }
}

const sync = promisify(fsync);

/**
 * Writes a whole file and shows it under its name only when it is on the disk; what was there before stays until then.
 *
 * @param draftsIn the directory it is written in first; on the same file system.
 * @throws StrataError `environment` where the file system refuses; nothing is left behind then.
 */
export async function writeDurably(
  path: string,
  data: string | Uint8Array,
  draftsIn = dirname(path),
): Promise<void> {
  const draft = join(draftsIn, draftName());
  await describingFileErrors(`writing ${path}`, async () => {
    try {
      const handle = await open(draft, 'w', 0o644);
      try {
        await handle.writeFile(data);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await syncPath(dirname(path));
  });
}

/**
 * Makes a directory and those above it. Node's `recursive` says ENOENT on a read-only file system, and never ends below
 * /proc and its like, where a directory that is there says so of what is to be made in it.
 *
 * @param mode of those that are made, less the umask.
 * @throws StrataError `environment` where there can be no directory of that name.
 */
export async function makeDirectories(path: string, mode = 0o777): Promise<void> {
  const refusal = await makeOne(path, mode);
  if (refusal === null) return;
  const parent = dirname(path);
  if (refusal.code !== 'ENOENT' || parent === path) throw cannotMake(path, refusal);
  if (!existsSync(parent)) await makeDirectories(parent, mode);
  // Where the parent is there by now, another process may have made it a moment ago.
  const again = await makeOne(path, mode);
  if (again !== null) throw cannotMake(path, again);
}

/**
 * {@link makeDirectories} where a person named the place: the way out is another name, and not another cache.
 *
 * @throws StrataError of the operation.
 */
export async function makeNamedDirectories(path: string, operation: string): Promise<void> {
  try {
    await makeDirectories(path);
  } catch (error) {
    if (!(error instanceof StrataError)) throw error;
    const { code, reason } = error;
    const advice = 'name a place where you can write';
    throw new StrataError({ code, operation, reason, advice, cause: error });
  }
}

/** Why a directory cannot be made; null where it is there. */
async function makeOne(path: string, mode: number): Promise<NodeJS.ErrnoException | null> {
  try {
    await mkdir(path, { mode });
    return null;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code !== 'EEXIST') return error;
    // A link that leads nowhere is there too.
    const isDirectory = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    return isDirectory ? null : error;
  }
}

function cannotMake(path: string, error: NodeJS.ErrnoException): StrataError {
  const operation = `making the directory ${path}`;
  const described = describeFileError(operation, error);
  if (described instanceof StrataError) return described;
  return new StrataError({
    code: 'environment',
    operation,
    // As /proc and its like say it.
    reason: error.code === 'ENOENT' ? `nothing can be made in ${dirname(path)}` : error.message,
    advice: 'set XDG_CACHE_HOME to a directory that can be written',
    cause: error,
  });
}

/**
 * Does what needs some directories to be there, and makes them only where it fails for the want of one: as a rule they are
 * there.
 *
 * @throws what `work` throws, and what {@link makeDirectories} does.
 */
export async function madeWhereMissing<Result>(
  directories: readonly string[],
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
    for (const directory of directories) await makeDirectories(directory);
    return work();
  }
}

/**
 * Renames, and waits until the new name is on the disk. The contents must be there already.
 *
 * @throws the system's error (ENOTEMPTY or EEXIST where `to` is a directory with entries): callers know what it means.
 */
export async function renameDurably(from: string, to: string): Promise<void> {
  renameSync(from, to);
  await syncPath(dirname(to));
}
