/** What builds printed. */
import { z } from '../schema.ts';
import { foundLines, lineQuery } from './shapes.ts';

const logLine = z.object({ text: z.string(), /** Milliseconds since 1970. */ at: z.number() });

/** Which log: that of one phase of a run, or with `phase` null of the whole run, its phases one after another. */
const logOf = z.object({ run: z.string(), phase: z.string().nullable() });

export const logsCalls = {
  logInfo: {
    params: logOf,
    result: z.object({
      lines: z.number(),
      bytes: z.number(),
      /** Lines that look like errors or warnings, at most some thousands. */
      marks: z.array(z.object({ line: z.number(), kind: z.enum(['error', 'warning']) })),
      /** Where each phase begins, for the log of a whole run. */
      phases: z.array(z.object({ name: z.string(), line: z.number() })),
    }),
  },
  /** Lines from `from` (0 is the first). */
  logLines: {
    params: logOf.extend({
      from: z.number().int().nonnegative(),
      count: z.number().int().nonnegative().max(2000),
    }),
    result: z.array(logLine),
  },
  logSearch: { params: logOf.extend(lineQuery.shape), result: foundLines },
} as const;
