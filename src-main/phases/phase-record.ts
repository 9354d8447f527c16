/** `phase.json`: what Strata knows of a snapshot beyond its files. Written before the commit and never changed. */
import * as z from 'zod';

export const PHASE_RECORD_FILE = 'phase.json';
const PHASE_RECORD_SCHEMA = 1;

const failureSchema = z.object({
  /** The command that failed, as the script says it; null where the builder is no shell we can ask. */
  command: z.string().nullable(),
  /** The functions it failed in, innermost first. */
  functions: z.array(z.string()),
  /** The log line that most likely says why. */
  line: z.object({ number: z.number(), text: z.string() }).nullable(),
  /** The last lines of the log. */
  tail: z.array(z.object({ number: z.number(), text: z.string() })),
});

const phaseRecordSchema = z.object({
  schema: z.literal(PHASE_RECORD_SCHEMA),
  id: z.string(),
  /** The run that made it. */
  run: z.string(),
  /** Store path of the `.drv`. */
  derivation: z.string(),
  /** The same for all derivations whose scratch outputs are the same: those that can share layers. */
  lineage: z.string(),
  /** The phase after which, or in whose failure, this is the state; `setup` before the first. */
  phase: z.string(),
  status: z.enum(['succeeded', 'failed', 'kept']),
  /** The name a person gave to what a shell left. */
  name: z.string().nullable(),
  parent: z.string().nullable(),
  /** The snapshot with the state its run began with; its own id for a setup. */
  initial: z.string().nullable(),
  /** The digest of its files (contents.ts). */
  contents: z.string(),
  policy: z.string(),
  /** How the builder's phases are run, and the phases; known from the setup on. */
  style: z.enum(['phases', 'command', 'whole']),
  phases: z.array(z.string()),
  /** Whether a dumped state lies beside this file; a builder that is no bash leaves none. */
  hasState: z.boolean(),
  /** Whether the phase ended the whole build by an `exit 0` of its own. */
  endedBuild: z.boolean(),
  exitCode: z.number(),
  /** Milliseconds the phase took. */
  ms: z.number(),
  /** Bytes on the disk, the parent excluded. */
  bytes: z.number(),
  createdAt: z.string(),
  failure: failureSchema.nullable(),
});

export type PhaseRecord = Readonly<z.infer<typeof phaseRecordSchema>>;
export type PhaseFailure = Readonly<z.infer<typeof failureSchema>>;

/** Reads a record; null where it is of another version or no record at all. */
export function parsePhaseRecord(text: string): PhaseRecord | null {
  try {
    const parsed = phaseRecordSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export function phaseRecordText(record: Omit<PhaseRecord, 'schema'>): string {
  return `${JSON.stringify({ schema: PHASE_RECORD_SCHEMA, ...record })}\n`;
}
