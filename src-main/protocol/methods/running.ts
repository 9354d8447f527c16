/** What is built: the wish, its plan, the runs, and what a job tells. */
import { z } from '../schema.ts';
import { none, pairs } from './shapes.ts';

/** What watches system calls (phases/tracing.ts). */
export const tracerSchema = z.enum(['strace', 'bpftrace', 'sysdig']);

/** What a person wants built, and how: the options of `strata run`. */
export const wishSchema = z.object({
  /** A `.nix` file, a flake reference or a `.drv`, as one would type it. */
  target: z.string(),
  attribute: z.string().nullable(),
  from: z.string().nullable(),
  until: z.string().nullable(),
  reuse: z.enum(['strict', 'smart', 'force']),
  sandbox: z.enum(['strict', 'relaxed', 'off']),
  /** `HOSTPATH` or `HOSTPATH=INSIDE`. */
  binds: z.array(z.string()),
  network: z.boolean(),
  set: pairs,
  args: pairs,
  argstrs: pairs,
  options: pairs,
  impure: z.boolean(),
  /** Keep the sandbox of a failed phase alive. */
  hold: z.boolean(),
  /** Phases to pause before, and after. What was stored by an older window has none. */
  breakBefore: z.array(z.string()).default([]),
  breakAfter: z.array(z.string()).default([]),
  /** What is traced of the phases that run. */
  trace: z.array(z.enum(['ld', 'syscalls'])).default([]),
  /** What system calls are traced with; null for what can. */
  tracer: tracerSchema.nullable().default(null),
});
export type Wish = z.infer<typeof wishSchema>;

/** What is wished where a person says nothing. */
export const noWish: Wish = {
  target: '',
  attribute: null,
  from: null,
  until: null,
  reuse: 'smart',
  sandbox: 'strict',
  binds: [],
  network: false,
  set: [],
  args: [],
  argstrs: [],
  options: [],
  impure: false,
  hold: false,
  breakBefore: [],
  breakAfter: [],
  trace: [],
  tracer: null,
};

const plannedPhase = z.object({
  name: z.string(),
  action: z.enum(['run', 'reuse', 'skip']),
  why: z.string(),
  savedMs: z.number(),
});

const phaseRun = z.object({
  name: z.string(),
  status: z.enum(['planned', 'running', 'succeeded', 'failed', 'reused', 'skipped']),
  why: z.string(),
  snapshot: z.string().nullable(),
  /** When it began (milliseconds since 1970); null for one that did not run in this run. */
  startedAt: z.number().nullable(),
  /** What it took; of a reused one, when it ran. */
  ms: z.number(),
  exitCode: z.number(),
  /** How it was watched in this run. */
  traced: z.array(z.enum(['ld', 'syscalls'])),
});

const run = z.object({
  id: z.string(),
  derivation: z.string(),
  target: z.string(),
  outputs: z.record(z.string(), z.string()),
  /** What its sandbox showed, as it would be wished for again. */
  shown: wishSchema.pick({ sandbox: true, binds: true, network: true }),
  reuse: z.enum(['strict', 'smart', 'force']),
  status: z.enum(['running', 'succeeded', 'failed', 'cancelled', 'error']),
  initial: z.string().nullable(),
  /** Where it was to end before the last phase; null where it was not. */
  endsAt: z.object({ phase: z.string(), where: z.enum(['before', 'after']) }).nullable(),
  phases: z.array(phaseRun),
  unconfirmed: z.boolean(),
  /** How it compared with a build by Nix from scratch, the last time; null where there was none. */
  confirmation: z
    .object({
      outcome: z.enum(['identical', 'different']),
      differences: z.number(),
      at: z.string(),
    })
    .nullable(),
  createdAt: z.string(),
  ms: z.number(),
});
export type Run = z.infer<typeof run>;
export type PhaseRunView = z.infer<typeof phaseRun>;

/** What a running job tells. Log lines are not pushed: `log-grew` says how many there are, and a front reads those it shows. */
const jobEventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('stage'), text: z.string() }),
  z.object({
    event: z.literal('planned'),
    run: z.string(),
    derivation: z.string(),
    phases: z.array(plannedPhase),
  }),
  z.object({ event: z.literal('phase-started'), phase: z.string(), at: z.number() }),
  z.object({ event: z.literal('log-grew'), phase: z.string(), lines: z.number() }),
  z.object({
    event: z.literal('phase-finished'),
    phase: z.string(),
    status: z.enum(['succeeded', 'failed', 'reused', 'skipped']),
    snapshot: z.string().nullable(),
    ms: z.number(),
    exitCode: z.number(),
  }),
  z.object({
    event: z.literal('paused'),
    phase: z.string(),
    where: z.enum(['before', 'after']),
    snapshot: z.string().nullable(),
    at: z.number(),
  }),
  /** A pause is over, or a failure is not held any more, whoever answered. */
  z.object({ event: z.literal('resumed'), at: z.number() }),
  z.object({
    event: z.literal('held'),
    phase: z.string(),
    attach: z.string(),
    at: z.number(),
  }),
  z.object({
    event: z.literal('finished'),
    status: z.enum(['succeeded', 'failed']),
    ms: z.number(),
    complaint: z.string().nullable(),
  }),
  z.object({
    event: z.literal('stopped'),
    error: z.string().nullable(),
    advice: z.string().nullable(),
  }),
]);
export type JobEvent = z.infer<typeof jobEventSchema>;

export const runningCalls = {
  attributes: { params: z.object({ file: z.string() }), result: z.array(z.string()) },
  plan: {
    params: z.object({ wish: wishSchema }),
    result: z.object({
      derivation: z.string(),
      outputs: z.record(z.string(), z.string()),
      phases: z.array(plannedPhase),
    }),
  },
  derivation: {
    params: z.object({ wish: wishSchema }),
    result: z.object({
      path: z.string(),
      system: z.string(),
      builder: z.string(),
      args: z.array(z.string()),
      env: pairs,
      outputs: pairs,
      inputDerivations: z.array(z.object({ path: z.string(), outputs: z.array(z.string()) })),
      inputSources: z.array(z.string()),
    }),
  },
  /** Begins a run and gives the job's id; it goes on when the front is gone. */
  start: { params: z.object({ wish: wishSchema }), result: z.object({ job: z.string() }) },
  stop: { params: z.object({ job: z.string() }), result: none },
  answerHeld: {
    params: z.object({ job: z.string(), answer: z.enum(['continue', 'end']) }),
    result: none,
  },
  /** What is to become of a run at a breakpoint. */
  answerPaused: {
    params: z.object({ job: z.string(), answer: z.enum(['continue', 'end']) }),
    result: none,
  },
  /** Jobs of this engine, the newest first, ended ones too. */
  jobs: {
    params: none,
    result: z.array(
      z.object({
        job: z.string(),
        wish: wishSchema,
        run: z.string().nullable(),
        live: z.boolean(),
        /** When it was asked for (milliseconds since 1970). */
        startedAt: z.number(),
      }),
    ),
  },
  runs: { params: z.object({ limit: z.number().int() }), result: z.array(run) },
} as const;

export const runningStreams = {
  /** Everything that happened in a job so far, then what happens. */
  job: { params: z.object({ job: z.string() }), item: jobEventSchema },
} as const;
