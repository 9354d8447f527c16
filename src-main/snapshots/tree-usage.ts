/** What a directory takes on the disk. */
import { lstat } from 'node:fs/promises';
import type { ListedEntry } from './listed-entry.ts';
import { listTree } from './listing.ts';
import type { Usage } from './snapshotter.ts';

/** Bytes of allocated blocks and inodes of a directory and all in it, a file with several names counted once. */
export async function treeUsage(directory: string): Promise<Usage> {
  const [root, entries] = await Promise.all([lstat(directory), listTree(directory)]);
  const inside = listingUsage(entries);
  return { bytes: inside.bytes + root.blocks * 512, inodes: inside.inodes + 1 };
}

/** The same for a listing, whose own root is not counted. */
function listingUsage(entries: readonly ListedEntry[]): Usage {
  const counted = new Set<string>();
  let bytes = 0;
  let inodes = 0;
  for (const { links, inode, type, allocated } of entries) {
    if (links > 1 && type !== 'directory') {
      if (counted.has(inode)) continue;
      counted.add(inode);
    }
    bytes += allocated;
    inodes += 1;
  }
  return { bytes, inodes };
}
