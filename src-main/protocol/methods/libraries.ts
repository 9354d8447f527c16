/** How processes looked for shared libraries (trace/lookups.ts says what each part means). */
import { z } from '../schema.ts';

const outcome = z.enum([
  'found',
  'missing',
  'not-elf',
  'wrong-class',
  'wrong-machine',
  'refused',
  'unknown',
]);
const searched = z.object({
  directory: z.string(),
  origin: z.enum(['RPATH', 'RUNPATH', 'LD_LIBRARY_PATH', 'cache', 'system', 'direct']),
  from: z.string().nullable(),
});

const place = searched.extend({
  /** Null where no file of this name was tried in it. */
  outcome: z.enum([...outcome.options, 'passed-over']).nullable(),
  /** How many directories below it were searched as well, for variants of this processor. */
  variants: z.number(),
});

const lookup = z.object({
  library: z.string(),
  requestedBy: z.string().nullable(),
  kind: z.enum(['startup', 'dlopen']),
  found: z.string().nullable(),
  /** The directory of the search path that led to the file; null where nothing was found. */
  through: searched.nullable(),
  /** The search path, without the subdirectories for processors and with the directories that were passed over. */
  places: z.array(place),
  tried: z.array(z.object({ path: z.string(), outcome })),
});
export type LookupView = z.infer<typeof lookup>;

const loadError = z.object({
  library: z.string().nullable(),
  text: z.string(),
  fatal: z.boolean(),
});

const process = z.object({
  pid: z.number(),
  program: z.string().nullable(),
  parent: z.number().nullable(),
  phase: z.string().nullable(),
  /** Place of its lookups in `lists`. */
  lookups: z.number(),
  errors: z.array(loadError),
});
export type TracedProcessView = z.infer<typeof process>;

/** A file whose lookups were worked out from files: nothing ran. */
const checkedFile = z.object({
  program: z.string(),
  kind: z.enum(['program', 'library']),
  lookups: z.array(lookup),
  errors: z.array(loadError),
});

/** What is wrong with some of the files, in words. */
const finding = z.object({
  text: z.string(),
  /** What to do, the likeliest first. */
  advice: z.array(z.string()),
  /** Whether a file is broken by it, and not only untidy. */
  serious: z.boolean(),
  files: z.array(z.string()),
});

/** Where a trace comes from: a run of this cache, or files of the engine's machine. */
export const traceSource = z.union([
  /** A phase, or with `phase` null all phases of a run. */
  z.object({ run: z.string(), phase: z.string().nullable() }),
  z.object({ paths: z.array(z.string()).min(1) }),
]);
export type TraceSource = z.infer<typeof traceSource>;

export const libraryTrace = z.object({
  /** The phases of the run that were traced so; none of them may be the one asked for. */
  traced: z.array(z.string()),
  processes: z.array(process),
  /** Lists of lookups, which processes that did the same share: how long each is, and how many of it found nothing. */
  lists: z.array(z.object({ lookups: z.number(), misses: z.number() })),
  /** Of whom the loader said nothing, as far as the system calls of the same phase tell that they ran. */
  silent: z.object({
    programs: z.array(
      z.object({
        program: z.string(),
        phase: z.string(),
        processes: z.number(),
        /** As a clause. */
        why: z.string(),
      }),
    ),
    /** Phases whose system calls were not traced: of these it is not known. */
    untold: z.array(z.string()),
  }),
  /** Lines that were not understood. */
  notUnderstood: z.number(),
});
export type LibrariesView = z.infer<typeof libraryTrace>;

/** The processes that have a difference in common, and the first of them. */
const where = {
  program: z.string().nullable(),
  phase: z.string().nullable(),
  processes: z.number(),
};
const comparedLookup = z.object({
  found: z.string().nullable(),
  through: searched.nullable(),
  requestedBy: z.string().nullable(),
});
const libraryDifference = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum([
      'only-left',
      'only-right',
      'found-left',
      'found-right',
      'elsewhere',
      'other-build',
      'other-origin',
      'other-search',
    ]),
    ...where,
    library: z.string(),
    /** Null where it was not looked for. */
    left: comparedLookup.nullable(),
    right: comparedLookup.nullable(),
    /** Both search paths, aligned; in each row one of the two may be missing. */
    search: z.array(z.object({ left: place.nullable(), right: place.nullable() })),
  }),
  z.object({ kind: z.enum(['error-left', 'error-right']), ...where, error: loadError }),
]);
export type LibraryDifferenceView = z.infer<typeof libraryDifference>;

const comparedTrace = z.object({
  /** The phases of the run that were traced so; with none there is nothing to compare. */
  traced: z.array(z.string()),
  processes: z.number(),
  /** Lines that were not understood. */
  notUnderstood: z.number(),
});

export const librariesCalls = {
  /** What was traced, without the lookups: there may be a million. */
  libraries: { params: z.object({ of: traceSource }), result: libraryTrace },
  /** One of its lists. */
  lookups: {
    params: z.object({ of: traceSource, list: z.number().int().nonnegative() }),
    result: z.array(lookup),
  },
  /** The lists in which a library was looked for, or found, that has these words in its name. */
  findLookups: {
    params: z.object({ of: traceSource, words: z.string() }),
    result: z.array(z.number()),
  },
  /**
   * What the ELF files at a path of a snapshot would find, without running them: a file, or all below a directory. The path
   * is absolute, or begins with the name of an output.
   */
  checkLibraries: {
    params: z.object({ snapshot: z.string(), path: z.string() }),
    /** The findings with the worst first. */
    result: z.object({ files: z.array(checkedFile), findings: z.array(finding) }),
  },
  /** What two traces tell differently (trace/comparison.ts says what each part means). */
  compareLibraries: {
    params: z.object({ left: traceSource, right: traceSource }),
    result: z.object({
      left: comparedTrace,
      right: comparedTrace,
      /** In the order of the left trace; what another build of an input makes differ comes last. */
      differences: z.array(libraryDifference),
      /** Differences that are not listed, because there are too many. */
      more: z.number(),
      /** Processes without a counterpart. */
      lone: z.array(z.object({ side: z.enum(['left', 'right']), ...where })),
      same: z.object({ processes: z.number(), lookups: z.number() }),
    }),
  },
} as const;
