/** Shells in snapshots. */
import { z } from '../schema.ts';
import { none } from './shapes.ts';

export const shellsCalls = {
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
} as const;
