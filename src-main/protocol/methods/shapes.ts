/** Shapes that methods of several subjects have. */
import { z } from '../schema.ts';

export const none = z.object({});

/** Names with their values, in an order. */
export const pairs = z.array(z.tuple([z.string(), z.string()]));

/** What lines of a log are searched for. */
export const lineQuery = z.object({
  query: z.string(),
  regex: z.boolean(),
  caseSensitive: z.boolean(),
  limit: z.number().int(),
});

/** Numbers of the lines that match, from 0; at most `limit`. */
export const foundLines = z.object({ lines: z.array(z.number()), more: z.boolean() });
