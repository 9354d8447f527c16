/**
 * The messages between a front and the engine. Two verbs: a *call* has one answer, a *stream* has many and an end; either is
 * cancelled by the client. The same messages go over a WebSocket, a MessagePort, or a pipe.
 *
 * Back-pressure: the server sends at most `credit` items of a stream ahead of what the client has taken; the client
 * gives more with `more`. A client that does not keep up costs the engine nothing but the wait.
 */
import { z } from './schema.ts';

export const clientMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id: z.number(), method: z.string(), params: z.unknown() }),
  z.object({
    kind: z.literal('listen'),
    id: z.number(),
    method: z.string(),
    params: z.unknown(),
    credit: z.number().int().positive(),
  }),
  z.object({ kind: z.literal('more'), id: z.number(), credit: z.number().int().positive() }),
  z.object({ kind: z.literal('cancel'), id: z.number() }),
]);

export const wireErrorSchema = z.object({
  code: z.string(),
  operation: z.string(),
  reason: z.string(),
  advice: z.string().nullable(),
  /** Names one can give instead. */
  choices: z.array(z.string()),
  /** The whole output of a tool, where one failed. */
  output: z.string().nullable(),
  /** For evaluation errors: where, the innermost first. */
  positions: z.array(z.object({ file: z.string(), line: z.number(), column: z.number() })),
});

export const serverMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('result'), id: z.number(), value: z.unknown() }),
  z.object({ kind: z.literal('item'), id: z.number(), value: z.unknown() }),
  z.object({ kind: z.literal('end'), id: z.number() }),
  z.object({ kind: z.literal('error'), id: z.number(), error: wireErrorSchema }),
]);

export type ClientMessage = z.infer<typeof clientMessageSchema>;
export type ServerMessage = z.infer<typeof serverMessageSchema>;
export type WireError = z.infer<typeof wireErrorSchema>;

/** A connection that carries whole messages in order; text is JSON. */
export interface Channel {
  readonly send: (text: string) => void;
  /** Called with each message that comes. */
  onMessage: (listener: (text: string) => void) => void;
  /** Called once when the other side is gone. */
  onClose: (listener: () => void) => void;
  readonly close: () => void;
}
