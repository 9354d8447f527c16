/**
 * The engine's side of the protocol: reads a front's messages, has them carried out, answers.
 *
 * What comes is a stranger's: every message and all parameters are validated. A request that makes no sense is answered
 * with an error; a message that breaks the protocol itself ends the connection. For each request in flight one
 * AbortController is kept, and cancelling it and losing the connection are the same thing.
 */
import {
  calls,
  streams,
  type CallName,
  type CallResult,
  type StreamItem,
  type StreamName,
} from './methods.ts';
import { z } from './schema.ts';
import {
  clientMessageSchema,
  type Channel,
  type ClientMessage,
  type ServerMessage,
} from './wire.ts';
import { usageError, wireError } from './wire-error.ts';

export type Calls = {
  readonly [Name in CallName]: (
    params: z.output<(typeof calls)[Name]['params']>,
    signal: AbortSignal,
  ) => CallResult<Name> | Promise<CallResult<Name>>;
};

export type Streams = {
  readonly [Name in StreamName]: (
    params: z.output<(typeof streams)[Name]['params']>,
    signal: AbortSignal,
  ) => AsyncIterable<StreamItem<Name>>;
};

/** What carries requests out. The signal of each fires when it is cancelled or its front is gone. */
export interface Service {
  readonly calls: Calls;
  readonly streams: Streams;
}

/** Requests that one front may have in flight. */
const MOST_IN_FLIGHT = 512;
/** Items that a front may ask for ahead. */
const MOST_CREDIT = 100_000;

/** Serves a front until it is gone. Gives the way to end it before. */
export function serve(channel: Channel, service: Service): () => void {
  const connection = new Connection(channel, service);
  channel.onMessage((text) => connection.receive(text));
  channel.onClose(() => connection.end());
  return () => connection.hangUp();
}

interface InFlight {
  readonly controller: AbortController;
  readonly credit: Credit | null;
}

class Connection {
  readonly #channel: Channel;
  readonly #service: Service;
  readonly #inFlight = new Map<number, InFlight>();
  #ended = false;

  constructor(channel: Channel, service: Service) {
    this.#channel = channel;
    this.#service = service;
  }

  receive(text: string): void {
    if (this.#ended) return;
    const message = parseClientMessage(text);
    if (message === null || !this.#obey(message)) this.hangUp();
  }

  hangUp(): void {
    this.end();
    this.#channel.close();
  }

  /** Cancels whatever is in flight. */
  end(): void {
    this.#ended = true;
    for (const id of [...this.#inFlight.keys()]) this.#cancel(id);
  }

  /** False where the message breaks the protocol. */
  #obey(message: ClientMessage): boolean {
    switch (message.kind) {
      case 'cancel':
        this.#cancel(message.id);
        return true;
      case 'more':
        // The stream may have ended while this was on its way.
        this.#inFlight.get(message.id)?.credit?.add(message.credit);
        return true;
      case 'call':
      case 'listen':
        if (this.#inFlight.has(message.id) || this.#inFlight.size >= MOST_IN_FLIGHT) return false;
        void this.#begin(message);
        return true;
    }
  }

  async #begin(message: Extract<ClientMessage, { kind: 'call' | 'listen' }>): Promise<void> {
    const { id, method } = message;
    const controller = new AbortController();
    const { signal } = controller;
    const credit = message.kind === 'listen' ? new Credit(message.credit, signal) : null;
    this.#inFlight.set(id, { controller, credit });
    try {
      if (credit === null) {
        const value = await this.#call(method, message.params, signal);
        this.#answer(id, signal, { kind: 'result', id, value });
      } else {
        for await (const value of this.#listen(method, message.params, signal)) {
          if (!(await credit.spend())) break;
          this.#answer(id, signal, { kind: 'item', id, value });
        }
        this.#answer(id, signal, { kind: 'end', id });
      }
    } catch (error) {
      const operation = `carrying out ${method.slice(0, 100)}`;
      this.#answer(id, signal, { kind: 'error', id, error: wireError(error, operation) });
    } finally {
      // The number may have been given to another request since this one was cancelled.
      if (this.#inFlight.get(id)?.controller === controller) this.#inFlight.delete(id);
    }
  }

  async #call(method: string, params: unknown, signal: AbortSignal): Promise<unknown> {
    if (!isOwn(calls, method)) throw usageError(`carrying out ${method}`, 'there is no such call');
    const parsed = check(calls[method].params, params, method);
    // The schema of the parameters is that of the method, which the compiler cannot follow for a union of names.
    const handler = this.#service.calls[method] as (
      params: unknown,
      signal: AbortSignal,
    ) => Promise<unknown>;
    return handler(parsed, signal);
  }

  #listen(method: string, params: unknown, signal: AbortSignal): AsyncIterable<unknown> {
    if (!isOwn(streams, method)) {
      throw usageError(`carrying out ${method}`, 'there is no such stream');
    }
    const parsed = check(streams[method].params, params, method);
    const handler = this.#service.streams[method] as (
      params: unknown,
      signal: AbortSignal,
    ) => AsyncIterable<unknown>;
    return handler(parsed, signal);
  }

  /** Answers, unless nobody waits for it any more. */
  #answer(id: number, signal: AbortSignal, message: ServerMessage): void {
    if (signal.aborted || this.#ended) return;
    let text: string;
    try {
      text = JSON.stringify(message);
    } catch (error) {
      text = JSON.stringify({ kind: 'error', id, error: wireError(error, 'writing an answer') });
    }
    this.#channel.send(text);
  }

  #cancel(id: number): void {
    const request = this.#inFlight.get(id);
    this.#inFlight.delete(id);
    request?.controller.abort();
  }
}

/** How many items a front is ready to take. */
class Credit {
  readonly #signal: AbortSignal;
  #left: number;
  #wake: (() => void) | null = null;

  constructor(first: number, signal: AbortSignal) {
    this.#left = Math.min(first, MOST_CREDIT);
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  add(more: number): void {
    this.#left = Math.min(this.#left + more, MOST_CREDIT);
    this.#wake?.();
  }

  /** Waits until an item may be sent; false where the request was cancelled first. */
  async spend(): Promise<boolean> {
    while (this.#left === 0 && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
    if (this.#signal.aborted) return false;
    this.#left -= 1;
    return true;
  }
}

function parseClientMessage(text: string): ClientMessage | null {
  try {
    return clientMessageSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function isOwn<Table extends object>(table: Table, name: string): name is keyof Table & string {
  return Object.hasOwn(table, name);
}

function check<Schema extends z.ZodType>(
  schema: Schema,
  params: unknown,
  method: string,
): z.output<Schema> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  throw usageError(`reading the parameters of ${method}`, z.prettifyError(parsed.error));
}
