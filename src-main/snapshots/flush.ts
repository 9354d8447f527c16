/**
 * Waiting until a tree is on the disk. A few files are synced one by one (0.3 ms each on an SSD); beyond that one `syncfs`
 * is cheaper, though it waits for what others wrote to the same file system as well.
 */
import { constants, readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { runTool } from '../host/process.ts';
import { isSystemError } from '../protocol/errors.ts';

/** `sync -f` costs 3 to 5 ms with its process: as much as this many single files. */
const FEW = 24;

/**
 * Waits until all files and directories below `directory`, and it, are on the disk.
 *
 * @throws the system's error, or StrataError `environment`.
 */
export async function flushTree(directory: string): Promise<void> {
  const paths: Buffer[] = [];
  if (gather(Buffer.from(directory), paths)) {
    const synced = await Promise.all(paths.map(syncIfReadable));
    if (synced.every(Boolean)) return;
  }
  const where = process.platform === 'linux' ? ['-f', directory] : [];
  await runTool({ operation: `flushing ${directory}`, tool: 'sync', args: where });
}

/** Adds a directory and the files and directories in it; false where there are too many, or one cannot be listed. */
function gather(directory: Buffer, paths: Buffer[]): boolean {
  paths.push(directory);
  let entries;
  try {
    entries = readdirSync(directory, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
  for (const entry of entries) {
    if (paths.length > FEW) return false;
    const path = Buffer.concat([directory, Buffer.from('/'), entry.name]);
    // Links, pipes and sockets are on the disk with the directory that holds them.
    if (entry.isDirectory()) {
      if (!gather(path, paths)) return false;
    } else if (entry.isFile()) {
      paths.push(path);
    }
  }
  return paths.length <= FEW;
}

async function syncIfReadable(path: Buffer): Promise<boolean> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      await handle.sync();
      return true;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isSystemError(error) && error.code === 'EACCES') return false;
    throw error;
  }
}
