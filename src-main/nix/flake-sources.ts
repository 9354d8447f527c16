/**
 * The files of a flake as their owner knows them. Nix evaluates a copy of the flake, and names that in its errors: where the
 * copy's file is the same as one of the flake's directory, an editor can open the one that can be mended.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isSystemError } from '../protocol/errors.ts';
import type { SourcePosition } from './evaluation-error.ts';

/** The directory that a reference names on this machine, absolute; null where it names something elsewhere. */
export function flakeDirectory(reference: string): string | null {
  const [location = '', query = ''] = (reference.split('#', 1)[0] ?? '').split('?', 2);
  const path = location.replace(/^(?:path:|git\+file:)(?:\/\/)?/, '');
  if (!path.startsWith('/')) return null;
  return join(path, new URLSearchParams(query).get('dir') ?? '');
}

/** The path inside a flake's copy: `/nix/store/…-source/NAME`, or, of Nix that copies less, `«git+file:///…»/NAME`. */
const IN_COPY = /^(?:\/.*?\/[0-9a-z]{32}-source|«.*»)\/(.+)$/;

/** The positions with the files of `directory` in place of their copies. Those of other flakes stay as they are. */
export async function inOwnFiles(
  positions: readonly SourcePosition[],
  directory: string,
): Promise<readonly SourcePosition[]> {
  return Promise.all(
    positions.map(async (position) => {
      const file = await ownFile(position.file, directory);
      return file === null ? position : { ...position, file };
    }),
  );
}

async function ownFile(copy: string, directory: string): Promise<string | null> {
  const inside = IN_COPY.exec(copy)?.[1];
  if (inside === undefined) return null;
  const text = await textOf(copy);
  // A flake may lie in a directory of its repository, which is copied whole.
  for (let root = directory; root !== dirname(root); root = dirname(root)) {
    const own = await textOf(join(root, inside));
    // What is not in the store says by its name whose it is.
    const isSame = text === null ? copy.startsWith('«') && copy.includes(root) : own?.equals(text);
    if (own !== null && isSame === true) return join(root, inside);
  }
  return null;
}

/** Null where there is no such file that could be read. */
async function textOf(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}
