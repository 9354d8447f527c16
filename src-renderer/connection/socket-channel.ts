/** A channel over a WebSocket: what `strata serve` offers. */
import type { Channel } from '../../src-main/protocol/wire.ts';
import type { PageAddress } from './address.ts';

/** Resolves when the socket is open. @throws Error where the server does not answer or refuses. */
export async function openSocket(
  { socket: address, protocols }: Pick<PageAddress, 'socket' | 'protocols'>,
  signal: AbortSignal,
): Promise<Channel> {
  const socket = new WebSocket(address, [...protocols]);
  return new Promise((resolve, reject) => {
    const abort = () => socket.close();
    signal.addEventListener('abort', abort, { once: true });
    socket.addEventListener('open', () => resolve(channelOf(socket)), { once: true });
    socket.addEventListener(
      'close',
      ({ code, reason }) => reject(new SocketRefused(code, reason)),
      { once: true },
    );
  });
}

/** Each `strata serve` has a token of its own: the next one does not take this page's. */
const NO_ANSWER = 'Start strata serve again, and open the address that it prints.';

/** The socket closed before it opened. */
class SocketRefused extends Error {
  override readonly name = 'SocketRefused';
  readonly code: number;
  constructor(code: number, reason: string) {
    super(reason === '' ? NO_ANSWER : reason);
    this.code = code;
  }
}

function channelOf(socket: WebSocket): Channel {
  return {
    send: (text) => socket.send(text),
    onMessage: (listener) =>
      socket.addEventListener('message', ({ data }) => {
        if (typeof data === 'string') listener(data);
      }),
    onClose: (listener) => socket.addEventListener('close', listener, { once: true }),
    close: () => socket.close(),
  };
}
