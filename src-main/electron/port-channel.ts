/** The protocol's messages over a MessagePort. */
import type { Channel } from '../protocol/wire.ts';

/** What of Electron's MessagePortMain is used. */
export interface Port {
  on(event: 'close', listener: () => void): unknown;
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): unknown;
  postMessage(message: string): void;
  start(): void;
  close(): void;
}

/** The channel at this end of a port. Messages that came before `onMessage` wait. */
export function portChannel(port: Port): Channel {
  let end: (() => void) | null = null;
  const closed = new Promise<void>((resolve) => {
    end = resolve;
  });
  port.on('close', () => end?.());
  return {
    send: (text) => port.postMessage(text),
    onMessage: (listener) => {
      port.on('message', ({ data }) => {
        // The protocol is text; what is none is a stranger's, and ends the connection as wrong text does.
        listener(typeof data === 'string' ? data : '');
      });
      port.start();
    },
    onClose: (listener) => void closed.then(listener),
    close: () => {
      port.close();
      end?.();
    },
  };
}
