/** `run.json`: one execution of a plan. Rewritten as a whole at each step, so that a crash leaves the last whole one. */
import * as z from 'zod';

const RUN_RECORD_SCHEMA = 1;

const phaseRunSchema = z.object({
  name: z.string(),
  status: z.enum(['planned', 'running', 'succeeded', 'failed', 'reused', 'skipped']),
  why: z.string(),
  snapshot: z.string().nullable(),
  ms: z.number(),
  exitCode: z.number(),
});

const policySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('strict') }),
  z.object({
    kind: z.literal('relaxed'),
    binds: z.array(
      z.object({
        source: z.string(),
        target: z.string(),
        optional: z.boolean(),
        keepLink: z.boolean(),
      }),
    ),
    network: z.boolean(),
  }),
  z.object({ kind: z.literal('off') }),
]);

const confirmationSchema = z.object({
  outcome: z.enum(['identical', 'different']),
  /** How many paths differ. */
  differences: z.number(),
  at: z.string(),
});

const runRecordSchema = z.object({
  schema: z.literal(RUN_RECORD_SCHEMA),
  id: z.string(),
  derivation: z.string(),
  /** What the user opened, as they would type it. */
  target: z.string(),
  lineage: z.string(),
  /** The scratch path of each output. */
  outputs: z.record(z.string(), z.string()),
  policy: policySchema,
  /** Values given with --set. */
  overrides: z.record(z.string(), z.string()),
  /** Settings of Nix given with --option: what goes on from the run, or confirms it, is told them again. */
  options: z.array(z.tuple([z.string(), z.string()])).default([]),
  reuse: z.enum(['strict', 'smart', 'force']),
  /** `cancelled` by a person; `error`: it ended by an error that is not the build's own. */
  status: z.enum(['running', 'succeeded', 'failed', 'cancelled', 'error']),
  /** Null until the setup has run. */
  initial: z.string().nullable(),
  phases: z.array(phaseRunSchema),
  /** Where it was to end before the last phase: by --until, or by a person at a breakpoint; null where it was not. */
  endsAt: z
    .object({ phase: z.string(), where: z.enum(['before', 'after']) })
    .nullable()
    .default(null),
  /** Whether it only tries something out for an explanation, and is cleared away when it has ended. */
  isTrial: z.boolean().default(false),
  /** The snapshots made by a person that it went on from, the newest first. */
  handMade: z.array(z.string()).default([]),
  /** Whether the result rests on something reused or made by hand that no build from scratch has confirmed. */
  unconfirmed: z.boolean(),
  /** How it compared with a build by Nix from scratch, the last time; null where there was none. */
  confirmation: confirmationSchema.nullable().default(null),
  createdAt: z.string(),
  ms: z.number(),
});

export type RunRecord = Readonly<z.infer<typeof runRecordSchema>>;
export type PhaseRun = Readonly<z.infer<typeof phaseRunSchema>>;

export function parseRunRecord(text: string): RunRecord | null {
  try {
    const parsed = runRecordSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export function runRecordText(record: Omit<RunRecord, 'schema'>): string {
  return `${JSON.stringify({ schema: RUN_RECORD_SCHEMA, ...record })}\n`;
}
