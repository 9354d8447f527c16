/** Builds by Nix itself, the logs of old ones, and what Nix's build says of a run. */
import { z } from '../schema.ts';
import { wireErrorSchema } from '../wire.ts';
import { foundLines, lineQuery, none, pairs } from './shapes.ts';

const enterBy = z.enum(['cntr', 'script', 'nsenter']);

/** What a person wants Nix to build, and how: the options of `strata nix-build`. */
export const nixBuildWishSchema = z.object({
  /** A `.nix` file, a flake reference or a `.drv`, as one would type it; empty for the default. */
  target: z.string(),
  attribute: z.string().nullable(),
  args: pairs,
  argstrs: pairs,
  options: pairs,
  impure: z.boolean(),
  allowUnfree: z.boolean(),
  /** Attributes of the derivation: `doCheck` to `true`, `enableParallelBuilding` to `false`. Of files alone. */
  set: pairs,
  /** Build again what is there already, and compare. */
  check: z.boolean(),
  keepFailed: z.boolean(),
  keepGoing: z.boolean(),
  /** Add a breakpoint, so that it waits where it fails. Not together with `check`. */
  hold: z.boolean(),
  /** The one way to enter a paused build by; null for the first that leads there. */
  enterBy: enterBy.nullable(),
});
export type NixBuildWish = z.infer<typeof nixBuildWishSchema>;

/** What is wished where a person says nothing. */
export const noNixBuildWish: NixBuildWish = {
  target: '',
  attribute: null,
  args: [],
  argstrs: [],
  options: [],
  impure: false,
  allowUnfree: false,
  set: [],
  check: false,
  keepFailed: false,
  keepGoing: false,
  hold: false,
  enterBy: null,
};

/** A derivation of a build. Times are milliseconds since 1970, and null where they are not known: old logs have none. */
const derivationBuild = z.object({
  /** Store path of the `.drv`: itself a target. Of a log in a file, the file. */
  derivation: z.string(),
  state: z.enum([
    'waiting',
    'building',
    'built',
    'failed',
    /** An input failed, so it was never begun. */
    'input-failed',
    /** Ended with the whole. */
    'stopped',
    'not-built',
    /** Its log does not say how it ended. */
    'unknown',
  ]),
  /** The remote builder's address; null here. */
  machine: z.string().nullable(),
  phases: z.array(
    z.object({
      name: z.string(),
      /** The number of its first line, from 0. */
      line: z.number(),
      startedAt: z.number().nullable(),
      endedAt: z.number().nullable(),
    }),
  ),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  lines: z.number(),
  /** Nix's whole message, where it failed. */
  reason: z.string().nullable(),
  /** What failed (nix/failure-message.ts); null where nothing did. */
  fault: z.enum(['builder', 'difference', 'no-chroot', 'no-machine', 'other']).nullable(),
  /** Such as a machine or a lock, in Nix's words. */
  waitsFor: z.string().nullable(),
  /** The derivations that it needs directly, those too that had not to be built. */
  inputs: z.array(z.string()),
});
export type DerivationBuildView = z.infer<typeof derivationBuild>;

const transfer = z.object({
  path: z.string(),
  kind: z.enum(['substitute', 'copy', 'download']),
  from: z.string(),
  to: z.string(),
  state: z.enum(['waiting', 'running', 'ended']),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Bytes. */
  done: z.number(),
  /** Bytes; 0 where the server did not say. */
  expected: z.number(),
});
export type TransferView = z.infer<typeof transfer>;

export const permittedOption = z.object({
  option: z.string(),
  does: z.string(),
  permission: z.enum(['allowed', 'refused', 'without-effect']),
  why: z.string(),
  /** What allows it, a line of nix.conf as a rule. */
  remedy: z.string().nullable(),
});
export type PermittedOptionView = z.infer<typeof permittedOption>;

/** A build that waits at its failure. */
const pausedBuild = z.object({
  /** What `answerPausedBuild` and `openPausedShell` take. */
  hold: z.string(),
  /** Why it could not be built again when that was asked for; null as a rule. */
  problem: wireErrorSchema.nullable(),
  /** Since when it waits (milliseconds since 1970). */
  since: z.number(),
  /** Store path of the `.drv`, which is that with the breakpoint. */
  derivation: z.string(),
  name: z.string().nullable(),
  phase: z.string().nullable(),
  exitCode: z.number().nullable(),
  /** As the sandbox names it; null where another user may not know. */
  directory: z.string().nullable(),
  /** In the order in which they are tried; none where it cannot be entered. */
  ways: z.array(z.object({ name: enterBy, command: z.array(z.string()) })),
  hindrance: z.string().nullable(),
});
export type PausedBuildView = z.infer<typeof pausedBuild>;

const nixBuildEvent = z.discriminatedUnion('event', [
  /** `plain` is the target's own derivation, another one where a breakpoint is added. */
  z.object({ event: z.literal('evaluated'), derivation: z.string(), plain: z.string() }),
  /** A sentence that is no part of the log, as how a breakpoint was added. */
  z.object({ event: z.literal('note'), text: z.string() }),
  /** It waits at a failure; with null, no more. */
  z.object({ event: z.literal('paused'), paused: pausedBuild.nullable() }),
  /** All begins anew: what was told before is no more. */
  z.object({ event: z.literal('again') }),
  /** The whole of each derivation and transfer that is new or has changed: a later one replaces an earlier one. */
  z.object({
    event: z.literal('changed'),
    derivations: z.array(derivationBuild),
    transfers: z.array(transfer),
  }),
  z.object({
    event: z.literal('finished'),
    /** `unknown`: of a log that does not say it. */
    status: z.enum(['succeeded', 'failed', 'unknown']),
    outputs: z.array(z.string()),
    /** Those whose own builder failed, in the order in which Nix told of it. */
    failed: z.array(z.string()),
    errors: z.array(z.string()),
    /** Build directories that were kept. */
    kept: z.array(z.string()),
    /** How long it took (milliseconds); null for the log of an old build. */
    ms: z.number().nullable(),
    /** Who ended the pause that it came to; null where it did not wait. */
    pausedUntil: z.enum(['person', 'itself']).nullable(),
    /** Settings that the daemon did not take from this user. */
    ignored: z.array(permittedOption.omit({ does: true })),
  }),
  z.object({
    event: z.literal('stopped'),
    /** Null where a person stopped it. */
    error: wireErrorSchema.nullable(),
  }),
]);
export type NixBuildEvent = z.infer<typeof nixBuildEvent>;

const confirmation = z.discriminatedUnion('kind', [
  /** Nix could not build it. */
  z.object({
    kind: z.literal('build-failed'),
    run: z.string(),
    derivation: z.string(),
    failed: z.array(z.object({ derivation: z.string(), reason: z.string().nullable() })),
  }),
  z.object({
    kind: z.literal('compared'),
    run: z.string(),
    derivation: z.string(),
    outcome: z.enum(['identical', 'different']),
    /** False where Nix itself got two different results. */
    isDeterministic: z.boolean(),
    differences: z.array(
      z.object({
        output: z.string(),
        /** Below the output's path, beginning with `/`; empty for the output itself. */
        path: z.string(),
        kind: z.enum(['only-layered', 'only-nix', 'type', 'executable', 'target', 'contents']),
        says: z.string(),
        /** The phase that wrote it in the layers, and the state it left; null where none did. */
        phase: z.string().nullable(),
        snapshot: z.string().nullable(),
      }),
    ),
    /** Files that differ as the output paths do, and mean the same. */
    following: z.array(
      z.object({
        output: z.string(),
        path: z.string(),
        why: z.enum(['build-id', 'compressed']),
      }),
    ),
    compared: z.number(),
  }),
]);
export type ConfirmationView = z.infer<typeof confirmation>;

export const nixBuildsCalls = {
  /** The options of a build by Nix: what each does, and whether this user may use it. */
  nixOptions: { params: none, result: z.array(permittedOption) },
  /** Begins a build and gives its id; it goes on when the front is gone. */
  startNixBuild: {
    params: z.object({ wish: nixBuildWishSchema }),
    result: z.object({ build: z.string() }),
  },
  /** Opens the log of an old build (a `.drv`, a path in the store), or a file with one, as a build that is over. */
  openNixLog: { params: z.object({ path: z.string() }), result: z.object({ build: z.string() }) },
  /** What is to become of a paused build. */
  answerPausedBuild: {
    params: z.object({ hold: z.string(), answer: z.enum(['end', 'retry']) }),
    result: none,
  },
  /** A shell in a paused build; its terminal is one like the others: `shell`, `shellInput`, `shellResize`, `closeShell`. */
  openPausedShell: {
    params: z.object({ hold: z.string(), columns: z.number().int(), rows: z.number().int() }),
    result: z.object({ shell: z.string(), title: z.string() }),
  },
  stopNixBuild: { params: z.object({ build: z.string() }), result: none },
  /** Builds of this engine, the newest first, ended ones too. */
  nixBuilds: {
    params: none,
    result: z.array(
      z.object({
        build: z.string(),
        /** Null for the log of an old build. */
        wish: nixBuildWishSchema.nullable(),
        /** The target, or the path of the log. */
        title: z.string(),
        live: z.boolean(),
        startedAt: z.number(),
      }),
    ),
  },
  /** Lines that a builder printed, from `from` (0 is the first). */
  nixBuildLines: {
    params: z.object({
      build: z.string(),
      derivation: z.string(),
      from: z.number().int().nonnegative(),
      count: z.number().int().nonnegative().max(2000),
    }),
    /** `at`: milliseconds since 1970; 0 where it is not known. */
    result: z.array(z.object({ text: z.string(), at: z.number() })),
  },
  nixBuildSearch: {
    params: lineQuery.extend({ build: z.string(), derivation: z.string() }),
    result: foundLines,
  },
} as const;

export const nixBuildsStreams = {
  /** How a build stands, then what changes, to its end. */
  nixBuild: { params: z.object({ build: z.string() }), item: nixBuildEvent },
  /** Has Nix build a run's derivation from scratch; tells what it does meanwhile, and at last what differs. */
  confirm: {
    params: z.object({ run: z.string() }),
    item: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('step'), text: z.string() }),
      z.object({ kind: z.literal('ended'), confirmation }),
    ]),
  },
} as const;
