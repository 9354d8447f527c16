/**
 * The cache that ldconfig writes: whole paths by the name of the library.
 *
 * Format: glibc 2.41, sysdeps/generic/dl-cache.h: `struct cache_file_new` and `struct file_entry_new`. Before 2.32 it stood
 * behind one of an older format, so its beginning is looked for. Numbers are those of the machine that wrote it.
 */

const MAGIC = 'glibc-ld.so.cache1.1';
const HEADER = 48;
const ENTRY = 24;

/** The flag of the byte order in the header: 2 for little, 3 for big, 0 where ldconfig did not say. */
const BIG = 3;

/** The paths of each library, in the cache's order; what is broken in it is left out. */
export function parseLoaderCache(bytes: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = file.indexOf(MAGIC, 0, 'latin1');
  const paths = new Map<string, string[]>();
  if (start < 0 || file.length < start + HEADER) return paths;
  const big = ((file[start + 28] ?? 0) & 3) === BIG;
  const number = (at: number): number => (big ? file.readUInt32BE(at) : file.readUInt32LE(at));
  const count = number(start + 20);
  for (let index = 0; index < count; index += 1) {
    const at = start + HEADER + index * ENTRY;
    if (at + ENTRY > file.length) break;
    // Those for a processor's abilities are left out, as the subdirectories for them are.
    if (number(at + 16) !== 0 || number(at + 20) !== 0) continue;
    const library = textAt(file, start + number(at + 4));
    const path = textAt(file, start + number(at + 8));
    if (library === null || path === null) continue;
    const known = paths.get(library);
    if (known === undefined) paths.set(library, [path]);
    else known.push(path);
  }
  return paths;
}

function textAt(file: Buffer, at: number): string | null {
  const end = at < file.length ? file.indexOf(0, at) : -1;
  return end < 0 ? null : file.toString('utf8', at, end);
}
