/** A WebSocket as a channel of the protocol. */
import type { RawData, WebSocket } from 'ws';
import type { Channel } from '../protocol/wire.ts';

/** Bytes that may wait to be sent before the front is no longer listened to (64 MB), and where it is again. */
const HIGH = 64 * 1024 * 1024;
const LOW = 8 * 1024 * 1024;

/** RFC 6455, section 7.4.1. */
const UNSUPPORTED_DATA = 1003;

export function socketChannel(socket: WebSocket): Channel {
  // Errors of the connection and of its frames: `close` follows.
  socket.on('error', () => undefined);
  return {
    send: (text) => {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(text, () => {
        if (socket.isPaused && socket.bufferedAmount < LOW) socket.resume();
      });
      if (socket.bufferedAmount > HIGH) socket.pause();
    },
    onMessage: (listener) => {
      socket.on('message', (data: RawData, isBinary: boolean) => {
        if (isBinary) socket.close(UNSUPPORTED_DATA);
        else listener((data as Buffer).toString('utf8'));
      });
    },
    onClose: (listener) => {
      socket.once('close', listener);
    },
    close: () => socket.close(),
  };
}
