/** Shapes that methods of several subjects have. */
import { z } from '../schema.ts';

export const none = z.object({});

/** Names with their values, in an order. */
export const pairs = z.array(z.tuple([z.string(), z.string()]));
