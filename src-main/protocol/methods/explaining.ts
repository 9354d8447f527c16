/** Why a phase failed: what it lacked in the sandbox, ranked and tried out (engine/explain.ts says what each part means). */
import { z } from '../schema.ts';

const trial = z.enum(['succeeds', 'fails', 'not-tried']);

const explanation = z.object({
  run: z.string(),
  phase: z.string(),
  again: z.enum(['succeeds', 'fails']),
  withHost: trial,
  failure: z.object({ command: z.string().nullable(), line: z.string().nullable() }),
  suspects: z.array(
    z.object({
      kind: z.enum(['path', 'network', 'interpreter', 'loader']),
      path: z.string().nullable(),
      asked: z.array(z.string()),
      programs: z.array(z.string()),
      isOutside: z.boolean(),
      reasons: z.array(z.string()),
      score: z.number(),
      trial,
      remedies: z.array(z.string()),
    }),
  ),
});
export type ExplanationView = z.infer<typeof explanation>;

export const explainingStreams = {
  /** Runs the failed phase of a run again, traced; tells what it does meanwhile, and at last what it found. */
  explain: {
    params: z.object({ run: z.string() }),
    item: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('step'), text: z.string() }),
      z.object({ kind: z.literal('found'), explanation }),
    ]),
  },
} as const;
