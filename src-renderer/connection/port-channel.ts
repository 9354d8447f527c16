/** A channel over a MessagePort: what Electron's main process brokers between the window and the engine. */
import type { Channel } from '../../src-main/protocol/wire.ts';

export function portChannel(port: MessagePort): Channel {
  port.start();
  return {
    send: (text) => port.postMessage(text),
    onMessage: (listener) =>
      port.addEventListener('message', ({ data }) => {
        if (typeof data === 'string') listener(data);
      }),
    // Chromium tells when the other end is gone.
    onClose: (listener) => port.addEventListener('close', listener, { once: true }),
    close: () => port.close(),
  };
}
