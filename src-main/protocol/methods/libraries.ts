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

const lookup = z.object({
  library: z.string(),
  requestedBy: z.string().nullable(),
  kind: z.enum(['startup', 'dlopen']),
  found: z.string().nullable(),
  /** The directory of the search path that led to the file; null where nothing was found. */
  through: searched.nullable(),
  /** The search path, without the subdirectories for processors and with the directories that were passed over. */
  places: z.array(
    searched.extend({
      /** Null where no file of this name was tried in it. */
      outcome: z.enum([...outcome.options, 'passed-over']).nullable(),
      /** How many directories below it were searched as well, for variants of this processor. */
      variants: z.number(),
    }),
  ),
  tried: z.array(z.object({ path: z.string(), outcome })),
});
export type LookupView = z.infer<typeof lookup>;

const process = z.object({
  pid: z.number(),
  program: z.string().nullable(),
  parent: z.number().nullable(),
  phase: z.string().nullable(),
  /** Place of its lookups in `lists`. */
  lookups: z.number(),
  errors: z.array(
    z.object({ library: z.string().nullable(), text: z.string(), fatal: z.boolean() }),
  ),
});
export type TracedProcessView = z.infer<typeof process>;

export const librariesCalls = {
  /** What was traced of a phase, or with `phase` null of all phases of a run. */
  libraries: {
    params: z.object({ run: z.string(), phase: z.string().nullable() }),
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
} as const;
