/**
 * The examples as a person opens them: copies of their own, which they may edit. Those that are shipped may lie where nobody
 * can write, and are the program's.
 */
import { chmod, cp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { draftName } from '../host/draft.ts';
import { makeDirectories } from '../host/durable.ts';
import { xdgDirectory } from '../host/xdg.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';

/** What is copied: the examples, and the stdenv they import. */
const PARTS = ['examples', 'host-stdenv'];

/** `$XDG_DATA_HOME/strata`, or `~/.local/share/strata` where that is unset or, as the XDG specification says, not absolute. */
export function dataDirectory(env: Readonly<Record<string, string | undefined>>): string {
  return xdgDirectory(env, 'XDG_DATA_HOME', '.local/share');
}

/**
 * The directory with the copies; makes them where they are missing, so that who has spoilt one deletes the directory.
 *
 * @param shipped the directory that holds the parts that are shipped
 * @param version a newer Strata brings its own, beside those one has edited
 * @returns `shipped` itself where no copies can be made
 */
export async function exampleCopies(
  shipped: string,
  data: string,
  version: string,
): Promise<string> {
  const copies = join(data, `examples-${version}`);
  if (await isThere(copies)) return copies;
  const draft = join(data, draftName());
  try {
    await makeDirectories(draft);
    for (const part of PARTS) {
      await cp(join(shipped, part), join(draft, part), { recursive: true });
    }
    await letOwnerWrite(draft);
    await rename(draft, copies);
    return copies;
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    // Another engine may have been quicker.
    if (await isThere(copies)) return copies;
    if (isSystemError(error) || error instanceof StrataError) return shipped;
    throw error;
  }
}

/** What was copied out of a store is read-only. */
async function letOwnerWrite(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await letOwnerWrite(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode | 0o200);
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
