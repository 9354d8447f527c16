/** The preload script gives the page three functions and the port, and nothing of Electron's. */
import { expect, test, vi } from 'vitest';
import { contextBridge, ipcRenderer, webUtils } from './stand-in.ts';
import {
  enginePortMessage,
  type DesktopBridge,
} from '../../../src-main/protocol/desktop-bridge.ts';

vi.mock('electron', async () => import('./stand-in.ts'));

const postMessage = vi.fn();
vi.stubGlobal('window', { location: { origin: 'app://strata' }, postMessage });
await import('../../../src-main/electron/preload.ts');

const [name, bridge] = contextBridge.exposeInMainWorld.mock.calls[0] as [string, DesktopBridge];

test('the page gets three functions', () => {
  expect(name).toBe('strataDesktop');
  expect(Object.keys(bridge)).toStrictEqual(['connectEngine', 'pathOf', 'onEvent']);
});

test('the port goes to our own page and to no other origin', () => {
  const port = {};
  ipcRenderer.emit('strata:engine-port', { ports: [port] });
  expect(postMessage).toHaveBeenCalledWith(enginePortMessage, 'app://strata', [port]);
});

test('events come without what Electron adds to them', () => {
  const heard: unknown[] = [];
  const stop = bridge.onEvent((...given) => heard.push(given));
  ipcRenderer.emit('strata:event', { sender: ipcRenderer }, { kind: 'action', action: 'run' });
  stop();
  ipcRenderer.emit('strata:event', {}, { kind: 'action', action: 'stop' });
  expect(heard).toStrictEqual([[{ kind: 'action', action: 'run' }]]);
});

test('where a file lies is told by Electron', () => {
  webUtils.getPathForFile.mockReturnValueOnce('/home/me/ld.4711');
  const file = {};
  expect(bridge.pathOf(file)).toBe('/home/me/ld.4711');
  expect(webUtils.getPathForFile).toHaveBeenCalledWith(file);
});
