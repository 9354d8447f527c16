/** The window inside Electron: what its preload script offers, and the connection through it. */
import {
  desktopEventSchema,
  enginePortMessage,
  type DesktopBridge,
  type DesktopEvent,
} from '../../src-main/protocol/desktop-bridge.ts';
import type { Channel } from '../../src-main/protocol/wire.ts';
import { portChannel } from './port-channel.ts';

declare global {
  interface Window {
    readonly strataDesktop?: DesktopBridge;
  }
}

/** What Electron gives the window; null in a browser. */
export function desktopBridge(): DesktopBridge | null {
  return window.strataDesktop ?? null;
}

/** Listens to what main tells. Gives the way to stop. */
export function onDesktopEvent(
  bridge: DesktopBridge,
  listener: (event: DesktopEvent) => void,
): () => void {
  return bridge.onEvent((told) => listener(desktopEventSchema.parse(told)));
}

/** A new connection to the engine's process. */
export async function openPort(bridge: DesktopBridge, signal: AbortSignal): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const done = new AbortController();
    window.addEventListener(
      'message',
      ({ data, source, ports: [port] }) => {
        // The preload script posts to its own window; nothing else can.
        if (data !== enginePortMessage || source !== window || port === undefined) return;
        done.abort();
        resolve(portChannel(port));
      },
      { signal: done.signal },
    );
    signal.addEventListener(
      'abort',
      () => {
        done.abort();
        reject(new DOMException('cancelled', 'AbortError'));
      },
      { once: true, signal: done.signal },
    );
    bridge.connectEngine();
  });
}
