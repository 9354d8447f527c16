/** Shells in snapshots. */
import { z } from '../schema.ts';
import { wishSchema } from './running.ts';
import { none } from './shapes.ts';

/** What a nix-shell can be asked to run. */
const nixShellWorkSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('phase'), name: z.string() }),
  /** All phases that are left, up to the first that fails. */
  z.object({ kind: z.literal('left') }),
  /** Removes what the phases made, and unpacks again. */
  z.object({ kind: z.literal('unpack-afresh') }),
]);
export type NixShellWork = z.infer<typeof nixShellWorkSchema>;

const nixShellPhaseSchema = z.discriminatedUnion('state', [
  z.object({
    name: z.string(),
    /** `stale`: it was run before a phase that precedes it was run again. `skipped`: a build passes over it. */
    state: z.enum(['waiting', 'skipped', 'running', 'done', 'stale']),
  }),
  z.object({ name: z.string(), state: z.literal('failed'), status: z.number() }),
]);
export type NixShellPhase = z.infer<typeof nixShellPhaseSchema>;

export const shellsCalls = {
  openShell: {
    params: z.object({ snapshot: z.string(), columns: z.number().int(), rows: z.number().int() }),
    result: z.object({ shell: z.string(), title: z.string() }),
  },
  /** A shell in the target's environment, outside the sandbox. Its phases are told by the stream `nixShell`. */
  openNixShell: {
    params: z.object({
      wish: wishSchema,
      pure: z.boolean(),
      /** What an earlier one left goes first. */
      fresh: z.boolean(),
      columns: z.number().int(),
      rows: z.number().int(),
    }),
    result: z.object({ shell: z.string(), title: z.string(), nixShell: z.string() }),
  },
  /** Runs something at the prompt of a nix-shell; what is half typed there is not touched. */
  askNixShell: { params: z.object({ shell: z.string(), work: nixShellWorkSchema }), result: none },
  /** A shell in the sandbox of a failed phase that is held; with cntr it has the tools of this machine, and takes root. */
  openHeldShell: {
    params: z.object({
      job: z.string(),
      by: z.enum(['nsenter', 'cntr']),
      columns: z.number().int(),
      rows: z.number().int(),
    }),
    result: z.object({ shell: z.string(), title: z.string() }),
  },
  /** The shells that are open. */
  shells: {
    params: none,
    result: z.array(
      z.object({
        shell: z.string(),
        /** Null for a terminal that is in no snapshot. */
        snapshot: z.string().nullable(),
        title: z.string(),
        /** Where a nix-shell is kept; null for other shells. */
        nixShell: z.string().nullable(),
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
} as const;

export const shellsStreams = {
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
  /** The phases of a nix-shell with what is known of them, and what its terminal is at. */
  nixShell: {
    params: z.object({ shell: z.string() }),
    item: z.object({
      phases: z.array(nixShellPhaseSchema),
      /** `continued`: half a command is typed. `command`: something runs. */
      now: z.enum(['prompt', 'continued', 'command']),
    }),
  },
} as const;
