/**
 * Runs in the sandboxed window before its page, in a world of its own. It hands over three things and no more: the port to the
 * engine, what main tells the window, and where a file lies that a person dropped on it. No function of Electron's is given to the page.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { DesktopBridge, DesktopEvent } from '../protocol/desktop-bridge.ts';
import { channels } from './channels.ts';

const bridge: DesktopBridge = {
  connectEngine: () => ipcRenderer.send(channels.connectEngine),
  pathOf: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
  onEvent: (listener) => {
    // Electron's own event, which leads back to ipcRenderer, stays on this side.
    const heard = (_: unknown, event: DesktopEvent): void => listener(event);
    ipcRenderer.on(channels.event, heard);
    return () => ipcRenderer.off(channels.event, heard);
  },
};

/** The page's window as far as it is needed here; main's sources know no DOM. */
declare const window: {
  readonly location: { readonly origin: string };
  readonly postMessage: (message: string, origin: string, transfer: readonly unknown[]) => void;
};

// A port cannot cross the context bridge; it can cross as a message to our own page.
ipcRenderer.on(channels.enginePort, (event) => {
  window.postMessage(
    channels.enginePort,
    window.location.origin,
    event.ports as readonly unknown[],
  );
});

contextBridge.exposeInMainWorld('strataDesktop', bridge);
