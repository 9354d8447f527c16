/**
 * The front's side of the protocol: typed calls and streams over a channel.
 *
 *     const client = new Client(channel);
 *     const { lines } = await client.call('logInfo', { run, phase });
 *     await client.listen('job', { job }, (event) => show(event), signal);
 */
import {
  calls,
  streams,
  type CallName,
  type CallParams,
  type CallResult,
  type StreamItem,
  type StreamName,
  type StreamParams,
} from './methods.ts';
import { z } from './schema.ts';
import {
  serverMessageSchema,
  type Channel,
  type ClientMessage,
  type ServerMessage,
} from './wire.ts';
import { RequestError, localError } from './wire-error.ts';

/** Items of a stream that may be on their way before the listener has taken those before them. */
const CREDIT = 64;

/** A request in flight. */
interface Pending {
  readonly operation: string;
  take: (message: ServerMessage) => void;
  readonly fail: (error: Error) => void;
}

export class Client {
  readonly #channel: Channel;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #gone = false;
  /** Resolves when the other side is gone, or {@link close} was called. */
  readonly closed: Promise<void>;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.onMessage((text) => this.#receive(text));
    this.closed = new Promise((resolve) => {
      channel.onClose(() => {
        this.#lose();
        resolve();
      });
    });
  }

  /** Asks and waits for the answer. @throws RequestError; `cancelled` after the signal. */
  async call<Name extends CallName>(
    name: Name,
    params: CallParams<Name>,
    signal?: AbortSignal,
  ): Promise<CallResult<Name>> {
    return new Promise((resolve, reject) => {
      const pending = this.#open(name, signal, reject);
      if (pending === null) return;
      pending.take = (message) => {
        pending.settle();
        if (message.kind === 'error') reject(new RequestError(message.error));
        else if (message.kind !== 'result') reject(unexpected(name, `a message ${message.kind}`));
        else {
          const parsed = calls[name].result.safeParse(message.value);
          if (parsed.success) resolve(parsed.data as CallResult<Name>);
          else reject(unexpected(name, z.prettifyError(parsed.error)));
        }
      };
      this.#send({ kind: 'call', id: pending.id, method: name, params });
    });
  }

  /**
   * Listens until the stream ends, which resolves the promise. Items come one after another: where `onItem` gives a
   * promise, the next waits for it, and the engine waits too once enough are on their way.
   *
   * @throws RequestError (`cancelled` after the signal), and what `onItem` throws, which ends the stream.
   */
  async listen<Name extends StreamName>(
    name: Name,
    params: StreamParams<Name>,
    onItem: (item: StreamItem<Name>) => void | Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const pending = this.#open(name, signal, reject);
      if (pending === null) return;
      const { id } = pending;
      const queue: ServerMessage[] = [];
      let busy = false;
      let taken = 0;
      const stop = (error: unknown): void => {
        if (!pending.settle()) return;
        this.#send({ kind: 'cancel', id });
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      /** False where the stream has come to its end. */
      const handle = (message: ServerMessage): boolean | Promise<boolean> => {
        switch (message.kind) {
          case 'end':
            if (pending.settle()) resolve();
            return false;
          case 'error':
            if (pending.settle()) reject(new RequestError(message.error));
            return false;
          case 'result':
            stop(unexpected(name, 'a result'));
            return false;
          case 'item': {
            const parsed = streams[name].item.safeParse(message.value);
            if (!parsed.success) throw unexpected(name, z.prettifyError(parsed.error));
            const waits = onItem(parsed.data as StreamItem<Name>);
            return waits === undefined ? true : waits.then(() => true);
          }
        }
      };
      const drain = async (): Promise<void> => {
        busy = true;
        try {
          for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
            const going = handle(next);
            if (!(going === true || (going !== false && (await going)))) break;
            if (pending.settled()) break;
            taken += 1;
            if (taken >= CREDIT / 2) {
              this.#send({ kind: 'more', id, credit: taken });
              taken = 0;
            }
          }
        } catch (error) {
          stop(error);
        } finally {
          busy = false;
        }
      };
      pending.take = (message) => {
        queue.push(message);
        if (!busy) void drain();
      };
      this.#send({ kind: 'listen', id, method: name, params, credit: CREDIT });
    });
  }

  /** Ends the connection; whatever is in flight fails with `disconnected`. */
  close(): void {
    this.#channel.close();
    this.#lose();
  }

  /** Registers a request; null where it failed at once. */
  #open(name: string, signal: AbortSignal | undefined, reject: (error: Error) => void) {
    const operation = `asking the engine for ${name}`;
    if (this.#gone) {
      reject(disconnected(operation));
      return null;
    }
    if (signal?.aborted === true) {
      reject(localError('cancelled', operation, 'cancelled'));
      return null;
    }
    const id = this.#nextId;
    this.#nextId += 1;
    let done = false;
    /** False where it was settled before. */
    const settle = (): boolean => {
      if (done) return false;
      done = true;
      this.#pending.delete(id);
      signal?.removeEventListener('abort', abort);
      return true;
    };
    const abort = (): void => {
      if (!settle()) return;
      this.#send({ kind: 'cancel', id });
      reject(localError('cancelled', operation, 'cancelled'));
    };
    const pending = {
      id,
      operation,
      settle,
      settled: () => done,
      // Until a request says what it does with answers, none can come.
      take: ((): void => undefined) as (message: ServerMessage) => void,
      fail: (error: Error): void => {
        if (settle()) reject(error);
      },
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#pending.set(id, pending);
    return pending;
  }

  #send(message: ClientMessage): void {
    if (!this.#gone) this.#channel.send(JSON.stringify(message));
  }

  #receive(text: string): void {
    const message = parseServerMessage(text);
    // An answer to what was cancelled meanwhile finds nobody.
    if (message !== null) this.#pending.get(message.id)?.take(message);
    else this.close();
  }

  #lose(): void {
    if (this.#gone) return;
    this.#gone = true;
    for (const { fail, operation } of [...this.#pending.values()]) fail(disconnected(operation));
  }
}

function parseServerMessage(text: string): ServerMessage | null {
  try {
    return serverMessageSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function unexpected(name: string, reason: string): RequestError {
  return localError('format', `reading the engine's answer to ${name}`, reason);
}

function disconnected(operation: string): RequestError {
  return localError('disconnected', operation, 'the connection to the engine is gone');
}
