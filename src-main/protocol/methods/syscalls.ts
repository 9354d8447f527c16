/** What programs asked of the kernel (trace/syscalls/ says what each part means), as far as people ask after it. */
import { z } from '../schema.ts';

/** Who asked, how often, and when first (milliseconds on the clock of the time line; null where the trace has no times). */
const asked = z.object({
  /** Places in the list of programs, in the order in which they first did. */
  programs: z.array(z.number()),
  count: z.number(),
  firstAt: z.number().nullable(),
});
const file = asked.extend({
  path: z.string(),
  kinds: z.array(z.enum(['opened', 'written', 'executed', 'mapped', 'sought', 'created'])),
});

/** Processes in columns: a configure script starts a hundred thousand. */
const processes = z.object({
  pids: z.array(z.number()),
  /** Places in these columns, of who made it; -1 where that is not known. */
  parents: z.array(z.number()),
  /** Places in the list of programs. */
  programs: z.array(z.number()),
  /** An exit status, or the name of the signal that ended it; null where the trace ends first. */
  ends: z.array(z.union([z.number(), z.string(), z.null()])),
  /** How long it lived (milliseconds); null where the trace has no times. */
  ms: z.array(z.number().nullable()),
  /** How many files it missed, those left out that were found elsewhere. */
  misses: z.array(z.number()),
  /** Places in `missed`. */
  missed: z.array(z.number()),
});

export const syscallTrace = z.object({
  /** The phases of the run that were traced so; none of them may be the one asked for. */
  traced: z.array(z.string()),
  /** Null stands for those that the trace does not name. */
  programs: z.array(z.string().nullable()),
  /** Not there whenever they were looked for; `foundAs` is where each who missed it found one of that name, if all did. */
  missing: z.array(file.extend({ foundAs: z.string().nullable() })),
  processes,
  /** What processes missed: places in `missing`, the first ones. Processes that missed the same share a list. */
  missed: z.array(z.array(z.number())),
  /** Processes that are not listed, because there are too many. */
  moreProcesses: z.number(),
  /** Read outside of the store and of what is the build's own. */
  outside: z.array(file),
  connections: z.array(asked.extend({ address: z.string(), results: z.array(z.string()) })),
  timeline: z.object({
    /** Of a bucket (milliseconds). */
    width: z.number(),
    /** In the order of time, without those in which nothing happened. */
    buckets: z.array(
      z.object({
        at: z.number(),
        found: z.number(),
        missing: z.number(),
        refused: z.number(),
        connections: z.number(),
      }),
    ),
  }),
  /** Lines that were not understood. */
  notUnderstood: z.number(),
});
export type SyscallsView = z.infer<typeof syscallTrace>;

export const syscallsCalls = {
  /** What was traced of a phase, or with `phase` null of all phases of a run. */
  syscalls: {
    params: z.object({ run: z.string(), phase: z.string().nullable() }),
    result: syscallTrace,
  },
} as const;
