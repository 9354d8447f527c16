/**
 * What is built into a glibc's ld.so: the directories it searches when all others have been, and where its cache is. They differ
 * by distribution, and nixpkgs' glibc has its own store path's: so they are taken from the loader's own bytes.
 *
 * glibc, elf/dl-load.c: `system_dirs` is one array of texts that each end in a slash and a NUL; elf/dl-cache.c: LD_SO_CACHE
 * is a text.
 */

export interface Loader {
  /** In the order they are searched, without a slash at the end. */
  readonly systemDirectories: readonly string[];
  /** Null for one that names none, such as musl's. */
  readonly cache: string | null;
}

/** Texts, each with its NUL where it ends in one. Time grows with the bytes: what a build names as its loader may be any file. */
const TEXTS = /[\x21-\x7e]+\0?/g;

const LIBRARIES = /\/lib(?:64|32)?(?:\/|$)/;

/** Where distributions that follow the FHS keep libraries, for a loader whose bytes say nothing. */
const USUAL = ['/lib64', '/usr/lib64', '/lib', '/usr/lib'];

export function parseLoader(bytes: Uint8Array): Loader {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const lists: string[][] = [];
  let cache: string | null = null;
  let end = -1;
  for (const { 0: found, index } of text.matchAll(TEXTS)) {
    const slash = found.indexOf('/');
    if (slash >= 0 && found.endsWith('/ld.so.cache\0')) cache ??= found.slice(slash, -1);
    // `/` alone is found anywhere.
    if (!found.endsWith('/\0') || slash > found.length - 4) continue;
    const directory = found.slice(slash, -2);
    if (index === end && slash === 0) lists.at(-1)?.push(directory);
    else lists.push([directory]);
    end = index + found.length;
  }
  // The same text is there a second time where the linker merged nothing; the longest is whole in any case.
  const [longest = USUAL] = lists
    .filter((list) => list.some((directory) => LIBRARIES.test(directory)))
    .toSorted((one, other) => other.length - one.length);
  return { systemDirectories: longest, cache };
}
