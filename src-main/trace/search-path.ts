/** The directories that ld.so searches for one library, as the files say it (ld.so(8), glibc elf/dl-load.c). */
import type { ElfDynamic } from './elf.ts';
import type { Loader } from './loader.ts';
import type { SearchedDirectory, SearchOrigin } from './lookups.ts';

/** A file that was loaded, and by whom. */
export interface LoadedFile {
  /** As it was found, links kept: RPATH entries are named after it. */
  readonly path: string;
  /** Where `$ORIGIN` leads: of a program its real directory, of a library that through which it was found. */
  readonly origin: string;
  readonly elf: ElfDynamic;
  /** Null for the program itself. */
  readonly loadedBy: LoadedFile | null;
}

/** `$PLATFORM` by machine: AT_PLATFORM of the kernel. */
const PLATFORMS: Readonly<Record<string, string>> = {
  'x86-64': 'x86_64',
  x86: 'i686',
  AArch64: 'aarch64',
};

/**
 * Parts of a search path in the order they are come to, each with its directories. Empty parts are left out.
 *
 * A DT_RPATH counts for the file itself and for all that it loads, unless the file that asks has a DT_RUNPATH; a file that has
 * both has no RPATH (`elf_get_dynamic_info`). A DT_RUNPATH counts for the file itself alone.
 */
export function searchPath(
  asker: LoadedFile,
  libraryPath: readonly string[],
  loader: Loader,
): readonly (readonly SearchedDirectory[])[] {
  const { systemDirectories, cache } = loader;
  const parts: (readonly SearchedDirectory[])[] = [];
  if (asker.elf.runpath.length === 0) {
    for (let file: LoadedFile | null = asker; file !== null; file = file.loadedBy) {
      if (file.elf.runpath.length === 0) parts.push(ownPart('RPATH', file, loader));
    }
  }
  parts.push(
    part('LD_LIBRARY_PATH', null, libraryPath),
    ownPart('RUNPATH', asker, loader),
    part('cache', null, cache === null ? [] : [cache]),
    part('system', null, systemDirectories),
  );
  return parts.filter(({ length }) => length > 0);
}

/** The directories of a file's own RPATH or RUNPATH. */
export function ownPart(
  origin: 'RPATH' | 'RUNPATH',
  file: LoadedFile,
  loader: Loader,
): readonly SearchedDirectory[] {
  const listed = origin === 'RPATH' ? file.elf.rpath : file.elf.runpath;
  return part(
    origin,
    file.path,
    listed.map((entry) => expanded(entry, file, loader)),
  );
}

/** With `$ORIGIN`, `$LIB` and `$PLATFORM` replaced, as ld.so does in RPATH, RUNPATH and NEEDED. */
export function expanded(text: string, { origin, elf }: LoadedFile, loader: Loader): string {
  const values: Readonly<Record<string, string>> = {
    ORIGIN: origin,
    LIB: libraryDirectory(loader),
    PLATFORM: PLATFORMS[elf.machine] ?? elf.machine,
  };
  return text.replace(
    /\$(?:(ORIGIN|LIB|PLATFORM)(?!\w)|\{(ORIGIN|LIB|PLATFORM)\})/g,
    (all, bare: string | undefined, braced: string | undefined) =>
      values[bare ?? braced ?? ''] ?? all,
  );
}

/** `$LIB` is set when glibc is built, as its own directory is: `lib64`, Debian's `lib/x86_64-linux-gnu`, nixpkgs' `lib`. */
function libraryDirectory({ systemDirectories: [first = ''] }: Loader): string {
  return /^\/(lib.*)$/.exec(first)?.[1] ?? 'lib';
}

/** Each directory once, as `fillin_rpath` keeps them: without a slash at the end, and an empty one is the working directory. */
function part(
  origin: SearchOrigin,
  from: string | null,
  directories: readonly string[],
): readonly SearchedDirectory[] {
  const named = directories.map((directory) =>
    directory === '' ? '.' : directory.replace(/(?<=.)\/+$/, ''),
  );
  return [...new Set(named)].map((directory) => ({ directory, origin, from }));
}
