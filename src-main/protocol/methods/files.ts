/** The files of the editor. */
import { z } from '../schema.ts';

export const filesCalls = {
  readFile: {
    params: z.object({ path: z.string() }),
    result: z.object({ text: z.string(), modifiedAt: z.number() }),
  },
  writeFile: {
    params: z.object({
      path: z.string(),
      text: z.string(),
      /** When the front last read it; null to write whatever has happened since. */
      expected: z.number().nullable(),
    }),
    result: z.object({ modifiedAt: z.number(), conflict: z.boolean() }),
  },
  formatNix: {
    params: z.object({ text: z.string() }),
    result: z.object({ text: z.string().nullable(), by: z.string().nullable() }),
  },
  listDirectory: {
    params: z.object({ path: z.string() }),
    result: z.array(z.object({ name: z.string(), directory: z.boolean() })),
  },
} as const;

export const filesStreams = {
  /** A file's modification, now and each time it changes on the disk; null where the file is gone. */
  watchFile: {
    params: z.object({ path: z.string() }),
    item: z.object({ modifiedAt: z.number().nullable() }),
  },
} as const;
