/**
 * Waiting until a tree is on the disk. A few files are synced one by one (0.3 ms each on an SSD); beyond that one `syncfs`
 * is cheaper, though it waits for what others wrote to the same file system as well.
 */
import { closeSync, constants, fsync, openSync, readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { runTool } from '../host/process.ts';
import { isSystemError } from '../protocol/errors.ts';

const sync = promisify(fsync);

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

/** Only the waiting is left to another thread: handing over the opening and closing as well costs more than they do. */
async function syncIfReadable(path: Buffer): Promise<boolean> {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isSystemError(error) && error.code === 'EACCES') return false;
    throw error;
  }
  try {
    await sync(file);
    return true;
  } finally {
    closeSync(file);
  }
}
