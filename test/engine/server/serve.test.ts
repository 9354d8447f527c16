// `strata serve` from the outside: who is let in, and what a front can have done.
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { Client } from '../../../src-main/protocol/client.ts';
import type { JobEvent } from '../../../src-main/protocol/methods.ts';
import { nixReason } from '../real-nix.ts';
import { ServedWorkbench, build, follow, wish } from './served-workbench.ts';

let workbench: ServedWorkbench;
let client: Client;

beforeAll(async () => {
  workbench = await ServedWorkbench.open();
  client = await workbench.connect();
});

afterAll(async () => {
  await workbench.close();
});

/** The status with which the server answers a request to become a WebSocket; 101 where it agrees. */
async function knock(options: Parameters<ServedWorkbench['socket']>[0]): Promise<number> {
  const socket = workbench.socket(options);
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.close();
      resolve(101);
    });
    socket.once('unexpected-response', (_, response) => {
      socket.terminate();
      resolve(response.statusCode ?? 0);
    });
    socket.once('error', () => undefined);
  });
}

/** A request as a program sends it, its path not tidied up. */
async function get(path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const { port } = workbench.server;
      const asked = request({ host: '127.0.0.1', port, path, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      asked.once('error', reject);
      asked.end();
    },
  );
}

async function closed(socket: WebSocket): Promise<void> {
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
}

describe('the door', () => {
  test('only a page of its own, by its own name and with the token, is let in', async () => {
    const { port } = workbench.server;
    expect({
      own: await knock({}),
      localhost: await knock({ host: `localhost:${port}`, origin: `http://localhost:${port}` }),
      noToken: await knock({ token: '' }),
      wrongToken: await knock({ token: 'x'.repeat(43) }),
      otherPage: await knock({ origin: 'http://evil.example' }),
      otherPort: await knock({ origin: `http://127.0.0.1:${port + 1}` }),
      rebound: await knock({ host: `evil.example:${port}`, origin: `http://evil.example:${port}` }),
      otherPath: await knock({ path: '/' }),
    }).toEqual({
      own: 101,
      localhost: 101,
      noToken: 401,
      wrongToken: 401,
      otherPage: 403,
      otherPort: 403,
      rebound: 403,
      otherPath: 404,
    });
  });

  test('files of the window are served with a strict policy, others are not', async () => {
    const index = await get('/');
    const asset = await get('/assets/index-0a1B2c3d.js');
    expect([index.status, index.body]).toEqual([200, '<!doctype html><title>Strata</title>']);
    expect(index.headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self';/,
    );
    expect(index.headers['cache-control']).toBe('no-cache');
    expect(asset.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const { port } = workbench.server;
    expect((await get('/', { host: `evil.example:${port}` })).status).toBe(403);
    for (const path of [
      '/../secret',
      '/%2e%2e/secret',
      '/..%2fsecret',
      '/assets/..%2f..%2fsecret',
      '//etc/passwd',
      '/%00',
      '/%',
      '/assets',
      '/.hidden',
      '/..\\secret',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  test('what is no message of the protocol ends that connection and no other', async () => {
    const open = async (): Promise<WebSocket> => {
      const socket = workbench.socket();
      await new Promise<void>((resolve) => socket.once('open', () => resolve()));
      return socket;
    };
    for (const frame of [
      '',
      '{',
      'null',
      '[]',
      '{"kind":"call"}',
      Buffer.from([0, 255]),
      '1e999',
    ]) {
      const socket = await open();
      socket.send(frame);
      await closed(socket);
    }
    expect((await client.call('hello', {})).directory).toBe(workbench.directory);
  });
});

describe('the editor', () => {
  test('a file is written only over what the writer has read', async () => {
    const path = workbench.write('edited.nix', '{ }');
    const read = await client.call('readFile', { path });
    const first = await client.call('writeFile', {
      path,
      text: '{ a = 1; }',
      expected: read.modifiedAt,
    });
    expect(first.conflict).toBe(false);
    writeFileSync(path, '{ b = 2; }');
    utimesSync(path, 1000, 1000);
    const second = await client.call('writeFile', {
      path,
      text: '{ }',
      expected: first.modifiedAt,
    });
    expect(second).toEqual({ conflict: true, modifiedAt: 1_000_000 });
    expect(readFileSync(path, 'utf8')).toBe('{ b = 2; }');
  });

  test('a change by others is told, also where they replace the file', async () => {
    const path = workbench.write('watched.nix', '1');
    utimesSync(path, 1000, 1000);
    const stop = new AbortController();
    const seen: (number | null)[] = [];
    const listening = client.listen(
      'watchFile',
      { path },
      ({ modifiedAt }) => {
        seen.push(modifiedAt);
        if (seen.length === 3) stop.abort();
      },
      stop.signal,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    writeFileSync(path, '2');
    utimesSync(path, 2000, 2000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await client.call('writeFile', { path, text: '3', expected: null });
    await expect(listening).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen.slice(0, 2)).toEqual([1_000_000, 2_000_000]);
  });

  test('what is no regular file is refused, not waited for', async () => {
    for (const path of ['/dev/zero', '/tmp', '/nowhere']) {
      await expect(client.call('readFile', { path })).rejects.toMatchObject({
        operation: `reading ${path}`,
      });
    }
  });
});

describe.skipIf(nixReason !== null)('builds', () => {
  test('hello is built, followed, and looked at', { timeout: 180_000 }, async () => {
    const target = workbench.example('hello');
    const { phases } = await client.call('plan', { wish: wish(target) });
    const { run, events } = await build(client, wish(target));
    expect(events.filter(({ event }) => event === 'phase-started').length).toBe(
      phases.filter(({ action }) => action === 'run').length,
    );
    expect(events.at(-1)).toMatchObject({
      event: 'finished',
      status: 'succeeded',
      complaint: null,
    });

    const [record] = await client.call('runs', { limit: 1 });
    expect(record).toMatchObject({ id: run, status: 'succeeded' });
    const starts = record?.phases.filter(({ status }) => status === 'succeeded') ?? [];
    expect(starts.every(({ startedAt }) => (startedAt ?? 0) > 1e12)).toBe(true);

    const info = await client.call('logInfo', { run, phase: 'buildPhase' });
    const grown = events.findLast(
      (event) => event.event === 'log-grew' && event.phase === 'buildPhase',
    );
    expect(grown).toEqual({ event: 'log-grew', phase: 'buildPhase', lines: info.lines });
    const lines = await client.call('logLines', { run, phase: 'buildPhase', from: 0, count: 2000 });
    expect(lines.length).toBe(info.lines);
    expect(lines[0]?.text).toBe('Running phase: buildPhase');
    expect(lines.every(({ at }) => at > 1e12)).toBe(true);
    const search = { run, phase: 'buildPhase', caseSensitive: true, limit: 10 };
    expect(
      await client.call('logSearch', { ...search, query: 'Running phase', regex: false }),
    ).toEqual({ lines: [0], more: false });
    await expect(
      client.call('logSearch', { ...search, query: '(', regex: true }),
    ).rejects.toMatchObject({ code: 'usage' });
    const whole = await client.call('logInfo', { run, phase: null });
    const inWhole = whole.phases.find(({ name }) => name === 'buildPhase')?.line ?? -1;
    const [there] = await client.call('logLines', { run, phase: null, from: inWhole, count: 1 });
    expect(there?.text).toBe('Running phase: buildPhase');

    const installed = await client.call('changes', {
      snapshot: `${run}:installPhase`,
      against: null,
    });
    expect(installed.kinds.length).toBe(installed.paths.length);
    const program = installed.paths.find((path) => path.endsWith('/bin/hello')) ?? '';
    const elf = await client.call('elf', { snapshot: `${run}:installPhase`, path: program });
    expect(elf).toMatchObject({ class: expect.stringMatching(/^ELF/) as string });
    expect(elf?.needed.some((name) => name.startsWith('libc.'))).toBe(true);
    const piece = await client.call('readSnapshot', {
      snapshot: `${run}:installPhase`,
      path: program,
      offset: 1,
      length: 3,
    });
    expect(Buffer.from(piece.base64, 'base64').toString()).toBe('ELF');
    const state = await client.call('shellState', { snapshot: `${run}:installPhase` });
    expect(state.variables).toContainEqual(['pname', 'hello']);
  });

  test(
    'a job lives on without its front, and a later one is told all of it',
    { timeout: 180_000 },
    async () => {
      const front = await workbench.connect();
      const target = workbench.example('install-fails');
      const { job } = await front.call('start', { wish: wish(target) });
      front.close();
      const events = await follow(client, job);
      expect(events.at(-1)).toMatchObject({ event: 'finished', status: 'failed' });
      // What passes while it runs is not told again: only how it came out.
      const lasting = ({ event }: JobEvent): boolean => event !== 'stage' && event !== 'log-grew';
      expect((await follow(client, job)).filter(lasting)).toEqual(events.filter(lasting));
      expect((await client.call('jobs', {}))[0]).toMatchObject({ job, live: false });
    },
  );

  test('a stopped run keeps the log of the phase it was in', { timeout: 180_000 }, async () => {
    const target = workbench.write(
      'slow.nix',
      `(import ./resources/host-stdenv { }).mkDerivation {
        name = "slow"; dontUnpack = true;
        buildPhase = "echo begun ${'a'.repeat(60)}!; sleep 1000";
        installPhase = "touch $out";
      }`,
    );
    const { job } = await client.call('start', { wish: wish(target) });
    let run = '';
    const seen: string[] = [];
    await client.listen('job', { job }, async (event) => {
      seen.push(event.event);
      if (event.event === 'planned') run = event.run;
      if (event.event === 'log-grew' && event.phase === 'buildPhase') {
        await client.call('stop', { job });
      }
    });
    expect(seen.at(-1)).toBe('stopped');
    const lines = await client.call('logLines', { run, phase: 'buildPhase', from: 0, count: 10 });
    expect(lines.map(({ text }) => text)).toContain(`begun ${'a'.repeat(60)}!`);
    expect((await client.call('runs', { limit: 1 }))[0]).toMatchObject({ status: 'cancelled' });
    // It would take longer than anybody lives, and nothing else would be answered meanwhile.
    const endless = { query: '(a+)+$', regex: true, caseSensitive: true, limit: 10 };
    await expect(
      client.call('logSearch', { run, phase: 'buildPhase', ...endless }),
    ).rejects.toMatchObject({ code: 'usage', operation: 'searching the log' });
  });

  test('evaluation errors come with their places', async () => {
    const target = workbench.write('broken.nix', '{\n  a = nowhere;\n}\n');
    await expect(client.call('plan', { wish: wish(target) })).rejects.toMatchObject({
      code: 'nix',
      positions: [{ file: target, line: 2, column: 7 }],
    });
  });
});

describe.skipIf(nixReason !== null)('shells', () => {
  let run = '';
  beforeAll(async () => {
    ({ run } = await build(client, wish(workbench.example('hello'), { until: 'buildPhase' })));
  }, 180_000);

  /** Opens a shell and waits for what it prints after something was typed. */
  async function open() {
    const { shell } = await client.call('openShell', {
      snapshot: `${run}:buildPhase`,
      columns: 80,
      rows: 24,
    });
    let screen = '';
    let exitCode: number | null = null;
    const end = client.listen('shell', { shell }, (item) => {
      if (item.kind === 'output') screen += item.data;
      else exitCode = item.exitCode;
    });
    const type = async (text: string, awaited: RegExp): Promise<string> => {
      const from = screen.length;
      await client.call('shellInput', { shell, data: text });
      for (let patience = 0; patience < 400; patience += 1) {
        if (awaited.test(screen.slice(from))) return screen.slice(from);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error(`the shell did not print ${String(awaited)}: ${screen}`);
    };
    await type('', /strata|\$/);
    return { shell, type, end, exit: () => exitCode };
  }

  test('what is typed is answered, on a terminal of the given size', async () => {
    const { shell, type, end, exit } = await open();
    await type('echo hi-$((6*7))\r', /hi-42/);
    await type('stty size\r', /24 80/);
    await client.call('shellResize', { shell, columns: 100, rows: 30 });
    await type('stty size\r', /30 100/);
    expect(await client.call('shellChanges', { shell })).toEqual({
      added: 0,
      modified: 0,
      removed: 0,
      inSources: 0,
      paths: [],
    });
    await client.call('shellInput', { shell, data: 'exit 3\r' });
    await end;
    expect(exit()).toBe(3);
    expect(await client.call('closeShell', { shell, disposition: { kind: 'discard' } })).toEqual({
      snapshot: null,
      patch: null,
    });
    await expect(client.call('shellInput', { shell, data: 'x' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('outlive their front, and are told to the next one from what was before', async () => {
    const front = await workbench.connect();
    const snapshot = `${run}:buildPhase`;
    const { shell } = await front.call('openShell', { snapshot, columns: 80, rows: 24 });
    const printed = async (by: Client, awaited: string): Promise<void> => {
      const enough = new AbortController();
      let screen = '';
      const read = by.listen(
        'shell',
        { shell },
        (item) => {
          screen += item.kind === 'output' ? item.data : '';
          if (screen.includes(awaited)) enough.abort();
        },
        enough.signal,
      );
      await expect(read).rejects.toThrow();
      expect(screen).toContain(awaited);
    };
    await front.call('shellInput', { shell, data: 'echo left-$((6*7))\r' });
    await printed(front, 'left-42');
    front.close();
    const all = await client.call('shells', {});
    const title = 'buildPhase';
    expect(all).toContainEqual({
      shell,
      snapshot: expect.any(String) as string,
      title,
      nixShell: null,
      shown: false,
    });
    await printed(client, 'left-42');
    await client.call('closeShell', { shell, disposition: { kind: 'discard' } });
    const left = await client.call('shells', {});
    expect(left.some((one) => one.shell === shell)).toBe(false);
  });

  test('changes are kept as a patch, or as a snapshot with the state', async () => {
    const first = await open();
    await first.type('sed -i "s/Hello/Hullo/" greeting.c && echo done-$?\r', /done-0/);
    const patched = await client.call('closeShell', {
      shell: first.shell,
      disposition: { kind: 'patch', file: 'hullo.patch' },
    });
    expect(patched.patch).toBe(`${workbench.directory}/resources/examples/hello/hullo.patch`);
    expect(readFileSync(patched.patch ?? '', 'utf8')).toMatch(
      /^diff -ruN a\/greeting.c b\/greeting.c\n--- a\/greeting.c\n\+\+\+ b\/greeting.c\n@@/,
    );

    const second = await open();
    await second.type('answer=42; mkdir -p /build/a/b; touch new-file; echo done-$?\r', /done-0/);
    expect(await client.call('shellChanges', { shell: second.shell })).toEqual({
      added: 2,
      modified: 0,
      removed: 0,
      inSources: 1,
      paths: [
        { kind: 'added', path: '/build/a/b', inSources: false },
        {
          kind: 'added',
          path: expect.stringMatching(/^\/build\/.+\/new-file$/) as string,
          inSources: true,
        },
      ],
    });
    await expect(
      client.call('closeShell', {
        shell: second.shell,
        disposition: { kind: 'keep', name: 'not a name' },
      }),
    ).rejects.toMatchObject({ code: 'usage' });
    const kept = await client.call('closeShell', {
      shell: second.shell,
      disposition: { kind: 'keep', name: 'fixed' },
    });
    const { variables } = await client.call('shellState', { snapshot: kept.snapshot ?? '' });
    expect(variables).toContainEqual(['answer', '42']);
  });
});
