/** The engine's process, given a port as main gives it one, answers the protocol over it. */
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { portChannel } from '../../../src-main/electron/port-channel.ts';
import { Client } from '../../../src-main/protocol/client.ts';

/** One end of a channel, with the events of Electron's MessagePortMain. */
class FakePort extends EventEmitter {
  other: FakePort | null = null;
  readonly start = vi.fn();
  postMessage(data: unknown): void {
    const { other } = this;
    queueMicrotask(() => other?.emit('message', { data, ports: [] }));
  }
  close(): void {
    this.other?.emit('close');
  }
}

function channelOfPorts(): readonly [FakePort, FakePort] {
  const [here, there] = [new FakePort(), new FakePort()];
  here.other = there;
  there.other = here;
  return [here, there];
}

const cache = mkdtempSync(join(tmpdir(), 'strata-engine-process-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

test('a front that is connected is answered, and its end of the port closes with it', async () => {
  vi.stubEnv('XDG_CACHE_HOME', cache);
  const parentPort = new EventEmitter();
  vi.stubGlobal('process', Object.assign(Object.create(process), { parentPort }));
  await import('../../../src-main/electron/engine-process.ts');
  const [window, engine] = channelOfPorts();
  const client = new Client(portChannel(window));
  parentPort.emit('message', { data: { kind: 'connect' }, ports: [engine] });
  const { directory } = await client.call('hello', {});
  expect(directory).toBe(process.cwd());
  expect(await client.call('jobs', {})).toStrictEqual([]);
  expect(window.start).toHaveBeenCalledOnce();
  client.close();
  await client.closed;
});

test('it ends when it is asked to, with all that it runs', async () => {
  const parentPort = new EventEmitter();
  const exit = vi.fn();
  vi.stubGlobal('process', Object.assign(Object.create(process), { parentPort, exit }));
  vi.resetModules();
  await import('../../../src-main/electron/engine-process.ts');
  parentPort.emit('message', { data: { kind: 'end-when-idle' }, ports: [] });
  parentPort.emit('message', { data: { kind: 'stay' }, ports: [] });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(exit).not.toHaveBeenCalled();
  parentPort.emit('message', { data: { kind: 'end' }, ports: [] });
  parentPort.emit('message', { data: { kind: 'end' }, ports: [] });
  await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(0));
  expect(exit).toHaveBeenCalledOnce();
});
