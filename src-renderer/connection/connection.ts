/**
 * The one connection of the window to its engine: opened at the start, opened again when it is lost. What is asked while there
 * is none waits for it.
 */
import { Client } from '../../src-main/protocol/client.ts';
import type {
  CallName,
  CallParams,
  CallResult,
  StreamItem,
  StreamName,
  StreamParams,
} from '../../src-main/protocol/methods.ts';
import type { Channel } from '../../src-main/protocol/wire.ts';
import { useConnection } from '../store/connection.ts';
import { errorParts } from './error-parts.ts';

/** Opens a channel to the engine; is called again after each loss. */
export type Dial = (signal: AbortSignal) => Promise<Channel>;

/** Waits between attempts: quick at first, for an engine that restarts; then every few seconds. */
const PAUSES_MS = [100, 250, 500, 1000, 2000, 4000];

let client: Client | null = null;
let answered: (client: Client) => void = () => undefined;
let opened = nextClient();

/** Connects, and stays connected until the signal. Failures are shown, not thrown. */
export async function stayConnected(dial: Dial, signal: AbortSignal): Promise<void> {
  let attempt = 0;
  while (!signal.aborted) {
    let next: Client | null = null;
    try {
      next = new Client(await dial(signal));
      const hello = await next.call('hello', {}, signal);
      attempt = 0;
      client = next;
      answered(next);
      useConnection.setState({ state: 'connected', hello, problem: null });
      await next.closed;
      opened = nextClient();
    } catch (error) {
      // An engine that answers, but not as it should, would otherwise be left with a socket for each attempt.
      next?.close();
      useConnection.setState({ problem: errorParts(error).reason });
    }
    client = null;
    useConnection.setState(({ hello }) => ({ state: hello === null ? 'connecting' : 'lost' }));
    await pause(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? 0, signal);
    attempt += 1;
  }
}

/** The next client that comes; `answered` gives it. */
async function nextClient(): Promise<Client> {
  return new Promise((resolve) => {
    answered = resolve;
  });
}

/** Asks the engine; waits for the connection where there is none. @throws RequestError */
export async function callEngine<Name extends CallName>(
  name: Name,
  params: CallParams<Name>,
  signal?: AbortSignal,
): Promise<CallResult<Name>> {
  const engine = await theClient(signal);
  return engine.call(name, params, signal);
}

/** Listens to a stream until it ends; waits for the connection where there is none. @throws RequestError */
export async function listenEngine<Name extends StreamName>(
  name: Name,
  params: StreamParams<Name>,
  onItem: (item: StreamItem<Name>) => void | Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const engine = await theClient(signal);
  return engine.listen(name, params, onItem, signal);
}

async function theClient(signal: AbortSignal | undefined): Promise<Client> {
  return client ?? unlessAborted(opened, signal);
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(new DOMException('cancelled', 'AbortError'));
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
