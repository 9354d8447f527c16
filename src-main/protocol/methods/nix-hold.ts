/** Builds by Nix itself that are held where they fail (engine/nix-hold.ts says what each part means). */
import { z } from '../schema.ts';
import { none, pairs } from './shapes.ts';

const enterBy = z.enum(['cntr', 'script', 'nsenter']);

/** What is built, as `strata nix-hold` takes it. */
const nixHoldWish = z.object({
  target: z.string(),
  attribute: z.string().nullable(),
  args: pairs,
  argstrs: pairs,
  options: pairs,
  impure: z.boolean(),
  allowUnfree: z.boolean(),
  /** Attributes of the derivation, as `nixBuildWishSchema` has them. */
  set: pairs,
  /** The one way to enter the paused build by; null for the first that leads there. */
  enterBy: enterBy.nullable(),
});
export type NixHoldWish = z.infer<typeof nixHoldWish>;

const nixHoldItem = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), text: z.string() }),
  /** Lines of Nix and its builders, with their colours. */
  z.object({ kind: z.literal('log'), lines: z.array(z.string()) }),
  z.object({
    kind: z.literal('paused'),
    /** What `nixHoldAnswer` and `openPausedShell` take. */
    hold: z.string(),
    name: z.string().nullable(),
    phase: z.string().nullable(),
    exitCode: z.number().nullable(),
    directory: z.string().nullable(),
    /** In the order in which they are tried; none where it cannot be entered. */
    ways: z.array(z.object({ name: enterBy, command: z.array(z.string()) })),
    hindrance: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('ended'),
    /** `gone` is a paused build that ended by itself. */
    how: z.enum(['succeeded', 'failed', 'gone', 'ended']),
    outputs: z.array(z.string()),
  }),
]);
export type NixHoldItem = z.infer<typeof nixHoldItem>;

export const nixHoldCalls = {
  /** What is to become of a paused build. */
  nixHoldAnswer: {
    params: z.object({ hold: z.string(), answer: z.enum(['end', 'retry']) }),
    result: none,
  },
  /** A shell in a paused build; its terminal is one like the others: `shell`, `shellInput`, `shellResize`, `closeShell`. */
  openPausedShell: {
    params: z.object({ hold: z.string(), columns: z.number().int(), rows: z.number().int() }),
    result: z.object({ shell: z.string(), title: z.string() }),
  },
} as const;

export const nixHoldStreams = {
  /** Builds, and pauses at the failure; a front that stops listening ends the build. */
  nixHold: { params: z.object({ wish: nixHoldWish }), item: nixHoldItem },
} as const;
