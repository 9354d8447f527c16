/**
 * How processes looked for shared libraries: the model that every source of such traces is read into, and that every front
 * shows. Processes that did the same share one list: a configure script starts ten thousand shells that all look for libc.
 */

/** Where a directory of the search path comes from (ld.so(8)). `direct` stands for a path that was asked for by itself. */
export type SearchOrigin = 'RPATH' | 'RUNPATH' | 'LD_LIBRARY_PATH' | 'cache' | 'system' | 'direct';

export interface SearchedDirectory {
  readonly directory: string;
  readonly origin: SearchOrigin;
  /** The file whose RPATH or RUNPATH it is; null for other origins, and where the trace does not say. */
  readonly from: string | null;
}

/**
 * What became of a file that was tried. `refused` is one that is there and was not taken, for a reason the trace gives in words
 * of its own or does not give; `unknown` is one that may be there, where it gives none, as glibc does until 2.42.
 */
export type TryOutcome =
  'found' | 'missing' | 'not-elf' | 'wrong-class' | 'wrong-machine' | 'refused' | 'unknown';

export interface TriedFile {
  readonly path: string;
  readonly outcome: TryOutcome;
}

export interface Lookup {
  /** As it was asked for: a soname, or a path. */
  readonly library: string;
  /** The file that needs it, or whose code called dlopen; null where the trace does not say. */
  readonly requestedBy: string | null;
  readonly kind: 'startup' | 'dlopen';
  readonly found: string | null;
  readonly searched: readonly SearchedDirectory[];
  readonly tried: readonly TriedFile[];
}

export interface LoadError {
  /** What could not be loaded, or holds what could not be resolved; null where the message names none. */
  readonly library: string | null;
  readonly text: string;
  /** Whether the process ended by it. */
  readonly fatal: boolean;
}

/** What was looked for on behalf of one program: seen in a trace, or worked out from files (static-resolution.ts). */
export interface Resolution {
  /** Null where the trace does not say. */
  readonly program: string | null;
  /** The phase it ran in, or whose files it was worked out from; null for an imported trace. */
  readonly phase: string | null;
  /** In the order in which they were asked for. */
  readonly lookups: readonly Lookup[];
  readonly errors: readonly LoadError[];
}

export interface TracedProcess extends Resolution {
  readonly pid: number;
  readonly parent: number | null;
  /** Files whose initialisers were called, in order. */
  readonly initialisers: readonly string[];
}

/** What a parser did not understand: how much of it, and the first of it. */
export interface NotUnderstood {
  readonly lines: number;
  readonly samples: readonly string[];
}
