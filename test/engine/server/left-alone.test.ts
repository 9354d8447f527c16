// `strata serve` as `npm start` has it: the browser's window is closed, which ends what nobody needs and no build.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Client } from '../../../src-main/protocol/client.ts';
import { CommandLine, refusal } from '../cli/command-line.ts';
import { wish } from './served-workbench.ts';

const program = fileURLToPath(new URL('../../../build/strata.mjs', import.meta.url));

let files: CommandLine;
let server: ChildProcess;
let said = '';
let address: URL;

beforeEach(async () => {
  files = new CommandLine();
  server = spawn(process.execPath, [program, 'serve', '--port', '0'], {
    cwd: files.directory,
    env: files.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const { stdout, stderr } = server;
  if (stdout === null || stderr === null) throw new Error('no pipes');
  said = '';
  stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [line] = (await once(createInterface({ input: stdout }), 'line')) as [string];
  address = new URL(line);
});

afterEach(() => {
  server.kill('SIGKILL');
  files.remove();
});

async function connect(): Promise<Client> {
  const token = new URLSearchParams(address.hash.slice(1)).get('token') ?? '';
  const socket = new WebSocket(`ws://${address.host}/engine`, ['strata', `strata-token.${token}`], {
    origin: address.origin,
  });
  await once(socket, 'open');
  return new Client({
    send: (text) => socket.send(text),
    onMessage: (listener) => void socket.on('message', (data: Buffer) => listener(data.toString())),
    onClose: (listener) => void socket.once('close', listener),
    close: () => socket.close(),
  });
}

test('with nothing to do it ends at once', async () => {
  const ended = once(server, 'exit');
  server.send('end-when-idle');
  expect((await ended)[0]).toBe(0);
  expect(said).not.toContain('a build still runs');
});

describe.skipIf(refusal !== null)('with a build', () => {
  test('it says that one still runs, and ends after it', { timeout: 180_000 }, async () => {
    const target = files.write('slow', 'buildPhase = "until [ -e go-on ]; do sleep 0.1; done"; ');
    const client = await connect();
    const { job } = await client.call('start', { wish: wish(`${files.directory}/${target}`) });
    const started = new AbortController();
    await client
      .listen(
        'job',
        { job },
        (event) => {
          if (event.event === 'phase-started' && event.phase === 'buildPhase') started.abort();
        },
        started.signal,
      )
      .catch(() => undefined);
    const ended = once(server, 'exit');
    server.send('end-when-idle');
    for (let patience = 0; !said.includes('a build still runs'); patience += 1) {
      if (patience > 200) throw new Error(`it said: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(server.exitCode).toBeNull();
    await client.call('stop', { job });
    expect((await ended)[0]).toBe(0);
  });
});
