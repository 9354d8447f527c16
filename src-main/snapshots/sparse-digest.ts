/**
 * Digests of huge files that are mostly holes, such as images of disks. Reading ten gigabytes of nothing takes half a
 * minute, a terabyte an hour; GNU tar asks the file system where data is (`--hole-detection=seek`, 1.29 and later) and
 * writes the map of it and the data.
 */
import { encodePath } from '../host/byte-path.ts';
import { runTool } from '../host/process.ts';
import { asOwnRoot } from './own-root.ts';

interface SizedFile {
  /** Apparent bytes. */
  readonly size: number;
  /** Allocated bytes. */
  readonly allocated: number;
}

const HUGE = 256 * 1024 * 1024;

/** Whether a file is worth the detour: reading all of it would take long, reading its data would not. */
export function isMostlyHoles({ size, allocated }: SizedFile): boolean {
  return size >= HUGE && allocated < size / 8;
}

/** All that is in the archive beside size, map and data is made the same for all files. */
const SCRIPT = `set -o pipefail
tar --create --sparse --hole-detection=seek --format=gnu --transform='s,.*,file,s' --hard-dereference \
  --mtime=@0 --mode=0 --owner=root:0 --group=root:0 --null --files-from=- | sha256sum`;

/**
 * The SHA-256 (hex) of a file's size, the places of its data, and the data. Files of the same contents whose holes are in
 * other places differ.
 *
 * @param directory the root that the path begins at.
 * @throws StrataError `environment` where the file cannot be read, or tar knows nothing of holes.
 */
export async function sparseDigest(directory: string, path: string): Promise<string> {
  const { stdout } = await runTool({
    operation: `digesting ${directory}${path}`,
    ...(await asOwnRoot('bash', ['-c', SCRIPT])),
    cwd: directory,
    input: Buffer.concat([encodePath(`.${path}`), Buffer.of(0)]),
    env: { ...process.env, LC_ALL: 'C', TAR_OPTIONS: undefined },
  });
  return stdout.toString('latin1', 0, 64);
}
