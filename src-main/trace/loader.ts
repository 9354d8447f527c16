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

/** Two or more bytes are a directory; `/` alone is found anywhere. */
const DIRECTORIES = /(?:\/[\x21-\x7e]+\/\0)+/g;
const CACHE = /\/[\x21-\x7e]*\/ld\.so\.cache(?=\0)/;

/** Where distributions that follow the FHS keep libraries, for a loader whose bytes say nothing. */
const USUAL = ['/lib64', '/usr/lib64', '/lib', '/usr/lib'];

export function parseLoader(bytes: Uint8Array): Loader {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const lists = Array.from(text.matchAll(DIRECTORIES), ([list]) =>
    list
      .split('\0')
      .filter((directory) => directory !== '')
      .map((directory) => directory.slice(0, -1)),
  ).filter((list) => list.some((directory) => /\/lib(?:64|32)?(?:\/|$)/.test(directory)));
  // The same text is there a second time where the linker merged nothing; the longest is whole in any case.
  const [longest = USUAL] = lists.toSorted((one, other) => other.length - one.length);
  return { systemDirectories: longest, cache: CACHE.exec(text)?.[0] ?? null };
}
