/** What the fronts ask of the engine: each method with the schemas of its parameters and of what comes back. */
import { z } from './schema.ts';

const pairs = z.array(z.tuple([z.string(), z.string()]));

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
});

const run = z.object({
  id: z.string(),
  derivation: z.string(),
  target: z.string(),
  outputs: z.record(z.string(), z.string()),
  policy: z.string(),
  reuse: z.enum(['strict', 'smart', 'force']),
  status: z.enum(['running', 'succeeded', 'failed', 'cancelled', 'error']),
  initial: z.string().nullable(),
  /** Where it was to end before the last phase; null where it was not. */
  endsAt: z.object({ phase: z.string(), where: z.enum(['before', 'after']) }).nullable(),
  phases: z.array(phaseRun),
  unconfirmed: z.boolean(),
  createdAt: z.string(),
  ms: z.number(),
});
export type Run = z.infer<typeof run>;
export type PhaseRunView = z.infer<typeof phaseRun>;

const failure = z.object({
  command: z.string().nullable(),
  functions: z.array(z.string()),
  line: z.object({ number: z.number(), text: z.string() }).nullable(),
});

const snapshot = z.object({
  id: z.string(),
  run: z.string(),
  derivation: z.string(),
  phase: z.string(),
  parent: z.string().nullable(),
  status: z.enum(['succeeded', 'failed', 'kept']),
  name: z.string().nullable(),
  bytes: z.number(),
  createdAt: z.string(),
  failure: failure.nullable(),
});
export type Snapshot = z.infer<typeof snapshot>;

/** Changes as columns: a hundred thousand of them are read in a blink. Sizes in bytes, -1 where there is none. */
const changes = z.object({
  from: z.string().nullable(),
  to: z.string(),
  paths: z.array(z.string()),
  /** One letter each: A added, M modified, R removed. */
  kinds: z.string(),
  /** One letter each: f file, d directory, l symlink, p fifo, s socket, c device. */
  types: z.string(),
  sizes: z.array(z.number()),
  oldSizes: z.array(z.number()),
  modes: z.array(z.number()),
  oldModes: z.array(z.number()),
  /** Where symbolic links lead: the change's place in the columns, the target before and now; null where there is no link. */
  links: z.array(z.tuple([z.number(), z.string().nullable(), z.string().nullable()])),
});
export type Changes = z.infer<typeof changes>;

/** What a running job tells. Log lines are not pushed: `log-grew` says how many there are, and a front reads those it shows. */
export const jobEventSchema = z.discriminatedUnion('event', [
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

const logLine = z.object({ text: z.string(), /** Milliseconds since 1970. */ at: z.number() });

/** Which log: that of one phase of a run, or with `phase` null of the whole run, its phases one after another. */
const logOf = z.object({ run: z.string(), phase: z.string().nullable() });

/** A range of a text as Monaco counts: lines and columns from 1, columns in UTF-16 units, the end not included. */
const textRange = z.object({
  startLineNumber: z.number().int().min(1),
  startColumn: z.number().int().min(1),
  endLineNumber: z.number().int().min(1),
  endColumn: z.number().int().min(1),
});
export type TextRange = z.infer<typeof textRange>;

/** What a completion is, in the order of LSP's CompletionItemKind, which counts from 1. */
export const completionKinds = [
  'Text',
  'Method',
  'Function',
  'Constructor',
  'Field',
  'Variable',
  'Class',
  'Interface',
  'Module',
  'Property',
  'Unit',
  'Value',
  'Enum',
  'Keyword',
  'Snippet',
  'Color',
  'File',
  'Reference',
  'Folder',
  'EnumMember',
  'Constant',
  'Struct',
  'Event',
  'Operator',
  'TypeParameter',
] as const;

const completion = z.object({
  label: z.string(),
  kind: z.enum(completionKinds),
  detail: z.string().nullable(),
  /** Markdown. */
  documentation: z.string().nullable(),
  text: z.string(),
  /** Whether `text` has places to fill in, `${1:name}`. */
  snippet: z.boolean(),
  /** What the text takes the place of; null for the word at the cursor. */
  range: textRange.nullable(),
  sortBy: z.string().nullable(),
  filterBy: z.string().nullable(),
});
export type Completion = z.infer<typeof completion>;

const diagnostic = z.object({
  severity: z.enum(['error', 'warning', 'info', 'hint']),
  message: z.string(),
  source: z.string().nullable(),
  code: z.string().nullable(),
  range: textRange,
  /** Code that has no effect is shown faintly. */
  unnecessary: z.boolean(),
});
export type Diagnostic = z.infer<typeof diagnostic>;

/** A place in a text of a language session; line and column as in {@link TextRange}. */
const textPlace = z.object({
  language: z.string(),
  path: z.string(),
  line: z.number().int().min(1),
  column: z.number().int().min(1),
});

/** What a language session tells. */
const languageItem = z.discriminatedUnion('kind', [
  /** The server answers, at first or once more after it had died; the texts it knew it knows again. */
  z.object({ kind: z.literal('ready'), language: z.string(), server: z.string() }),
  /** All there are for a file, in place of those told before. */
  z.object({
    kind: z.literal('diagnostics'),
    path: z.string(),
    /** Of which version of the text; null where the server does not say. */
    version: z.number().nullable(),
    diagnostics: z.array(diagnostic),
  }),
]);
export type LanguageItem = z.infer<typeof languageItem>;

const none = z.object({});

export const calls = {
  hello: {
    params: none,
    result: z.object({
      version: z.string(),
      cacheDirectory: z.string(),
      backend: z.string(),
      backendReason: z.string(),
      nix: z.string().nullable(),
      directory: z.string(),
      examples: z.array(z.object({ name: z.string(), path: z.string(), says: z.string() })),
      /** Programs found on PATH: nixfmt, alejandra, nil, nixd. */
      tools: z.array(z.string()),
    }),
  },
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
  snapshots: { params: none, result: z.array(snapshot) },
  changes: {
    params: z.object({ snapshot: z.string(), against: z.string().nullable() }),
    result: changes,
  },
  readSnapshot: {
    params: z.object({
      snapshot: z.string(),
      path: z.string(),
      offset: z.number().int().nonnegative(),
      length: z
        .number()
        .int()
        .nonnegative()
        .max(4 * 1024 * 1024),
    }),
    /** `base64` are the bytes; `size` is that of the whole file. */
    result: z.object({ base64: z.string(), size: z.number() }),
  },
  /** Variables and functions of a state, as text by name: arrays one element a line. */
  shellState: {
    params: z.object({ snapshot: z.string() }),
    result: z.object({ variables: pairs, functions: pairs, directory: z.string() }),
  },
  elf: {
    params: z.object({ snapshot: z.string(), path: z.string() }),
    /** Null for what is no ELF file. */
    result: z
      .object({
        class: z.string(),
        machine: z.string(),
        type: z.string(),
        interpreter: z.string().nullable(),
        needed: z.array(z.string()),
        rpath: z.array(z.string()),
        runpath: z.array(z.string()),
        soname: z.string().nullable(),
      })
      .nullable(),
  },
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
  /** Numbers of the lines that match, from 0; at most `limit`. */
  logSearch: {
    params: logOf.extend({
      query: z.string(),
      regex: z.boolean(),
      caseSensitive: z.boolean(),
      limit: z.number().int(),
    }),
    result: z.object({ lines: z.array(z.number()), more: z.boolean() }),
  },
  openShell: {
    params: z.object({ snapshot: z.string(), columns: z.number().int(), rows: z.number().int() }),
    result: z.object({ shell: z.string(), title: z.string() }),
  },
  /** The shells that are open. */
  shells: {
    params: none,
    result: z.array(
      z.object({
        shell: z.string(),
        snapshot: z.string(),
        title: z.string(),
        /** Whether a front listens to it; each shell has one listener at most. */
        shown: z.boolean(),
      }),
    ),
  },
  shellInput: { params: z.object({ shell: z.string(), data: z.string() }), result: none },
  shellResize: {
    params: z.object({ shell: z.string(), columns: z.number().int(), rows: z.number().int() }),
    result: none,
  },
  /** What the shell has changed so far, for the question at its end. */
  shellChanges: {
    params: z.object({ shell: z.string() }),
    /** Files and the like; directories only where they hold nothing. */
    result: z.object({
      added: z.number(),
      modified: z.number(),
      removed: z.number(),
      /** How many of them a patch of the sources speaks of. */
      inSources: z.number(),
      /** The first of them. */
      paths: z.array(
        z.object({
          kind: z.enum(['added', 'modified', 'removed']),
          path: z.string(),
          inSources: z.boolean(),
        }),
      ),
    }),
  },
  closeShell: {
    params: z.object({
      shell: z.string(),
      disposition: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('discard') }),
        z.object({ kind: z.literal('keep'), name: z.string() }),
        /** Writes the changes below the source root as a unified diff beside the derivation. */
        z.object({ kind: z.literal('patch'), file: z.string() }),
      ]),
    }),
    result: z.object({ snapshot: z.string().nullable(), patch: z.string().nullable() }),
  },
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
  /** The text of a file that is edited, as it is on the screen; null when it was closed. Versions only grow. */
  languageText: {
    params: z.object({
      language: z.string(),
      path: z.string(),
      version: z.number().int(),
      text: z.string().nullable(),
    }),
    result: none,
  },
  completions: {
    params: textPlace.extend({
      /** The character just typed, where one asked. */ trigger: z.string().nullable(),
    }),
    /** `incomplete`: to be asked again once more is typed. */
    result: z.object({ items: z.array(completion), incomplete: z.boolean() }),
  },
  hover: {
    params: textPlace,
    result: z.object({ markdown: z.string(), range: textRange.nullable() }).nullable(),
  },
  definition: {
    params: textPlace,
    result: z.array(z.object({ path: z.string(), range: textRange })),
  },
  listDirectory: {
    params: z.object({ path: z.string() }),
    result: z.array(z.object({ name: z.string(), directory: z.boolean() })),
  },
} as const;

export const streams = {
  /** Everything that happened in a job so far, then what happens. */
  job: { params: z.object({ job: z.string() }), item: jobEventSchema },
  /**
   * Bytes of a shell's terminal as UTF-8 text, the last of what was before first; ends when the shell does, and without an
   * `exit` where another front listens from then on.
   */
  shell: {
    params: z.object({ shell: z.string() }),
    item: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('output'), data: z.string() }),
      z.object({ kind: z.literal('exit'), exitCode: z.number() }),
    ]),
  },
  /**
   * The language server of the machine (nil or nixd), which runs for this listener and ends with it.
   * `file` is the first that it is for: the flake around it is the project.
   */
  language: { params: z.object({ file: z.string() }), item: languageItem },
  /** A file's modification, now and each time it changes on the disk; null where the file is gone. */
  watchFile: {
    params: z.object({ path: z.string() }),
    item: z.object({ modifiedAt: z.number().nullable() }),
  },
} as const;

export type CallName = keyof typeof calls;
export type CallParams<Name extends CallName> = z.input<(typeof calls)[Name]['params']>;
export type CallResult<Name extends CallName> = z.output<(typeof calls)[Name]['result']>;
export type StreamName = keyof typeof streams;
export type StreamParams<Name extends StreamName> = z.input<(typeof streams)[Name]['params']>;
export type StreamItem<Name extends StreamName> = z.output<(typeof streams)[Name]['item']>;
