/**
 * Paths inside a snapshot, resolved as if the snapshot's root were `/`: symbolic links, absolute ones included, and `..`
 * never lead outside. Nothing is mounted; the recorded tree says what is where.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { encodePath, printablePath } from '../host/byte-path.ts';
import { engineMark } from '../host/process.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { ownRoot } from './own-root.ts';
import type { Located } from './recorded-tree.ts';

/** What {@link resolvePath} asks of a tree. */
export interface LocatingTree {
  locate(path: string): Located | undefined;
}

export type Resolved =
  | { readonly kind: 'root' }
  | { readonly kind: 'entry'; readonly path: string; readonly located: Located };

/** Whether a symbolic link at the end of a path is followed, or itself what the path names. */
export type Links = 'follow' | 'keep';

/** Linux's own limit (include/linux/namei.h: MAXSYMLINKS). */
const MOST_LINKS = 40;

/**
 * The entry that a path names.
 *
 * @param path with or without a `/` at its beginning.
 * @throws StrataError `not-found`.
 */
export function resolvePath(tree: LocatingTree, path: string, last: Links): Resolved {
  const pending = components(path).reverse();
  let at: { readonly path: string; readonly located: Located }[] = [];
  let links = 0;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '..') {
      at.pop();
      continue;
    }
    const here = `${at.at(-1)?.path ?? ''}/${name}`;
    const located = tree.locate(here);
    if (located === undefined) throw notFound(path, `there is no ${printablePath(here)}`);
    const { type, content } = located.entry;
    if (type === 'symlink' && (pending.length > 0 || last === 'follow' || endsInSlash(path))) {
      links += 1;
      if (links > MOST_LINKS) throw notFound(path, 'too many symbolic links follow each other');
      if (content.startsWith('/')) at = [];
      pending.push(...components(content).reverse());
    } else if (type !== 'directory' && pending.length > 0) {
      throw notFound(path, `${printablePath(here)} is no directory`);
    } else {
      at.push({ path: here, located });
    }
  }
  const end = at.at(-1);
  return end === undefined ? { kind: 'root' } : { kind: 'entry', ...end };
}

/**
 * Opens a regular file for reading.
 *
 * @param directory the tree that holds it.
 * @param path from the tree's root, beginning with `/`, without links on the way.
 * @param from bytes that are left out at the beginning.
 * @throws the system's error.
 */
export async function openFile(
  directory: string,
  path: string,
  from: number,
): Promise<NodeJS.ReadableStream> {
  const file = Buffer.concat([Buffer.from(directory), encodePath(path)]);
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    return handle.createReadStream({ start: from });
  } catch (error) {
    const [enter, ...rest] = await ownRoot();
    if (!isSystemError(error) || error.code !== 'EACCES' || enter === undefined) throw error;
    return readAsOwnRoot(file, from, enter, rest);
  }
}

/** The name goes through xargs because Node can pass no argument that is not UTF-8. */
function readAsOwnRoot(
  file: Buffer,
  from: number,
  enter: string,
  rest: readonly string[],
): NodeJS.ReadableStream {
  const child = spawn(enter, [...rest, 'xargs', '-0', 'tail', '-c', `+${from + 1}`, '--'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ...engineMark() },
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(Buffer.concat([file, Buffer.of(0)]));
  const fail = (reason: string): void => {
    child.stdout.destroy(
      new StrataError({
        code: 'environment',
        operation: `reading ${printablePath(file.toString())}`,
        reason,
      }),
    );
  };
  child.once('error', (error) => fail(error.message));
  child.once('exit', (code) => {
    if (code !== 0) fail(`tail ended with exit status ${code ?? 'none'}`);
  });
  return child.stdout;
}

function components(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function endsInSlash(path: string): boolean {
  return path.endsWith('/');
}

function notFound(path: string, reason: string): StrataError {
  return new StrataError({
    code: 'not-found',
    operation: `looking for ${printablePath(path)}`,
    reason,
  });
}
