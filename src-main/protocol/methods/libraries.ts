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

const reference = z.object({ run: z.string(), phase: z.string().nullable() });
const comparedTrace = z.object({
  /** The phases of the run that were traced so; with none there is nothing to compare. */
  traced: z.array(z.string()),
  processes: z.number(),
  /** Lines that were not understood. */
  notUnderstood: z.number(),
});

export const librariesCalls = {
  /** What was traced of a phase, or with `phase` null of all phases of a run. */
  libraries: {
    params: reference,
    result: z.object({
      /** The phases of the run that were traced so; none of them may be the one asked for. */
      traced: z.array(z.string()),
      processes: z.array(process),
      /** Lists of lookups, which processes that did the same share. */
      lists: z.array(z.array(lookup)),
      /** Lines that were not understood. */
      notUnderstood: z.number(),
    }),
  },
  /** What two traced runs or phases tell differently (trace/comparison.ts says what each part means). */
  compareLibraries: {
    params: z.object({ left: reference, right: reference }),
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
