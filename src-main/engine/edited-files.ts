/** The files in the editor: read, written, listed, and watched while somebody else may write them. */
import { constants, watch } from 'node:fs';
import { chmod, open, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { wasAborted } from '../host/process.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { Wakeups } from './wakeups.ts';

/** Larger files are no expressions. */
const LARGEST = 16 * 1024 * 1024;
/** Editors write a file in several steps (milliseconds). */
const SETTLE = 60;

export interface TextFile {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** @throws StrataError `not-found`, `usage` for what is no file, `format` for what is no text. */
export async function readTextFile(path: string): Promise<TextFile> {
  const operation = `reading ${path}`;
  try {
    // Opening a pipe without O_NONBLOCK waits for a writer.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const status = await handle.stat();
      if (!status.isFile()) throw notText('usage', operation, 'it is no regular file');
      if (status.size > LARGEST) throw notText('usage', operation, 'it is larger than 16 MB');
      const bytes = await handle.readFile();
      if (!isUtf8(bytes)) throw notText('format', operation, 'it is not UTF-8 text');
      return { text: bytes.toString('utf8'), modifiedAt: status.mtimeMs };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(operation, error);
  }
}

/**
 * Writes a file as a whole, so that nobody reads half of it.
 *
 * @param expected when the file was last modified as far as the writer knows; null to write in any case
 */
export async function writeTextFile(
  path: string,
  text: string,
  expected: number | null,
): Promise<{ readonly modifiedAt: number; readonly conflict: boolean }> {
  const operation = `writing ${path}`;
  try {
    const target = await realpath(path).catch(() => path);
    const before = await stat(target).catch(() => null);
    if (before !== null && !before.isFile()) {
      throw notText('usage', operation, 'it is no regular file');
    }
    if (expected !== null && before !== null && before.mtimeMs !== expected) {
      return { modifiedAt: before.mtimeMs, conflict: true };
    }
    await replaceFile(target, text, before?.mode);
    return { modifiedAt: (await stat(target)).mtimeMs, conflict: false };
  } catch (error) {
    throw fileError(operation, error);
  }
}

async function replaceFile(target: string, text: string, mode: number | undefined): Promise<void> {
  const draft = join(dirname(target), `.${basename(target)}.${process.pid}-${Date.now()}.new`);
  try {
    await writeFile(draft, text, { flag: 'wx' });
    if (mode !== undefined) await chmod(draft, mode & 0o7777);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    // In a directory that takes no new files the file itself may still be written.
    if (mode === undefined || !isSystemError(error)) throw error;
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code ?? '')) throw error;
    await writeFile(target, text);
  }
}

/** The names in a directory, directories first. */
export async function listNames(path: string): Promise<{ name: string; directory: boolean }[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const named = await Promise.all(
      entries.map(async (entry) => ({
        name: entry.name,
        directory:
          entry.isDirectory() ||
          (entry.isSymbolicLink() && (await isDirectory(join(path, entry.name)))),
      })),
    );
    return named.sort((a, b) =>
      a.directory === b.directory ? (a.name < b.name ? -1 : 1) : a.directory ? -1 : 1,
    );
  } catch (error) {
    throw fileError(`listing ${path}`, error);
  }
}

/**
 * A file's time of modification (milliseconds since 1970; null where there is no file) as it is now, and each time it
 * changes. The directories of the name and of what it leads to are watched and not the file: editors put a new one in its
 * place.
 */
export async function* watchModification(
  path: string,
  signal: AbortSignal,
): AsyncGenerator<{ readonly modifiedAt: number | null }> {
  const wakeups = new Wakeups();
  const target = await realpath(path).catch(() => path);
  const watchers = [...namesByDirectory([path, target])].map(([directory, names]) => {
    try {
      const watcher = watch(directory, { persistent: false }, (_, changed) => {
        if (changed === null || names.has(changed)) wakeups.wake();
      });
      // The directory itself was removed, say: then nothing is told any more.
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch (error) {
      throw fileError(`watching ${path}`, error);
    }
  });
  try {
    let told: number | null | undefined;
    while (!wasAborted(signal)) {
      const { count } = wakeups;
      const now = await modifiedAt(path);
      if (wasAborted(signal)) return;
      if (now !== told) {
        told = now;
        yield { modifiedAt: now };
      }
      await wakeups.since(count, signal);
      // A file that is gone for a moment is being replaced.
      await sleep(SETTLE);
    }
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}

/** A link and what it leads to may lie in one directory. */
function namesByDirectory(files: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const places = new Map<string, Set<string>>();
  for (const file of files) {
    const names = places.get(dirname(file)) ?? new Set();
    places.set(dirname(file), names.add(basename(file)));
  }
  return places;
}

async function modifiedAt(path: string): Promise<number | null> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}

function notText(code: 'usage' | 'format', operation: string, reason: string): StrataError {
  return new StrataError({ code, operation, reason });
}

function fileError(operation: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  const isMissing = error.code === 'ENOENT' || error.code === 'ENOTDIR';
  return new StrataError({
    code: isMissing ? 'not-found' : 'environment',
    operation,
    reason: isMissing ? 'there is no such file or directory' : error.message,
    cause: error,
  });
}
