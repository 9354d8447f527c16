/** The files that a resolution is worked out from: a root directory as a program in it would see it. */
import type { ElfDynamic } from './elf.ts';
import type { Loader } from './loader.ts';

/** What is at a path. `real` is the same path without links. */
export type StaticFile =
  | { readonly kind: 'elf'; readonly real: string; readonly elf: ElfDynamic }
  /** `interpreter` is what a script names in its first line; null for what is no script. */
  | { readonly kind: 'not-elf'; readonly real: string; readonly interpreter: string | null }
  | { readonly kind: 'directory'; readonly real: string }
  /** What cannot be read: a device, a file of somebody else's, one that is too large. */
  | { readonly kind: 'unreadable'; readonly real: string };

/** Answers may be asked for again and again: who implements it remembers them. */
export interface StaticRoot {
  /** What an absolute path leads to, links followed inside the root; null where it leads nowhere. */
  readonly file: (path: string) => Promise<StaticFile | null>;
  /** What is built into the loader at a path; null where there is none. */
  readonly loader: (path: string) => Promise<Loader | null>;
  /** The paths that a loader's cache has for a name, the best first; null where there is no such cache. */
  readonly cached: (cache: string, library: string) => Promise<readonly string[] | null>;
}
