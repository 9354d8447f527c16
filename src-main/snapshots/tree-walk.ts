/**
 * Listing a small tree with this process's own calls: some 10 µs an entry, where starting GNU find costs 5 ms and more; and
 * where there is no GNU find (macOS), any tree.
 */
import { lstatSync, readdirSync, readlinkSync, type BigIntStats } from 'node:fs';
import { decodePath } from '../host/byte-path.ts';
import { isSystemError } from '../protocol/errors.ts';
import type { ListedEntry, ListedType } from './listed-entry.ts';

/**
 * All entries below a directory, in no order; undefined where there are more than `limit`, or where this process may not
 * look at all of them.
 */
export function walkTree(directory: string, limit: number): readonly ListedEntry[] | undefined {
  const root = Buffer.from(directory);
  const entries: ListedEntry[] = [];
  const directories: Buffer[] = [Buffer.alloc(0)];
  try {
    for (let inner = directories.pop(); inner !== undefined; inner = directories.pop()) {
      const names = readdirSync(Buffer.concat([root, inner]), { encoding: 'buffer' });
      if (entries.length + names.length > limit) return undefined;
      for (const name of names) {
        const path = Buffer.concat([inner, SLASH, name]);
        const entry = describe(Buffer.concat([root, path]), decodePath(path));
        if (entry.type === 'directory') directories.push(path);
        entries.push(entry);
      }
    }
    return entries;
  } catch (error) {
    // Refusals, paths longer than a call takes, and the like: find has ways, or words for it.
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

const SLASH = Buffer.from('/');

function describe(file: Buffer, path: string): ListedEntry {
  const stat = lstatSync(file, { bigint: true });
  const type = typeOf(stat);
  return {
    path,
    type,
    size: Number(stat.size),
    mode: Number(stat.mode & 0o7777n),
    allocated: Number(stat.blocks) * 512,
    inode: String(stat.ino),
    links: Number(stat.nlink),
    changed: asFindPrints(stat.ctimeNs),
    target: type === 'symlink' ? decodePath(readlinkSync(file, { encoding: 'buffer' })) : '',
  };
}

/** Listings of both kinds are compared with each other: find prints ten digits, of which the last is 0. */
function asFindPrints(nanoseconds: bigint): string {
  const digits = String(nanoseconds).padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}0`;
}

function typeOf(stat: BigIntStats): ListedType {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isFIFO()) return 'fifo';
  if (stat.isSocket()) return 'socket';
  return stat.isCharacterDevice() ? 'character-device' : 'block-device';
}
