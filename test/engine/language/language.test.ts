// The language server of a front, over Strata's protocol: a stand-in of ours under the name of nil. The real ones were never met.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LanguageSessions } from '../../../src-main/engine/language-sessions.ts';
import { ServerProcess } from '../../../src-main/language/server-process.ts';
import { Client } from '../../../src-main/protocol/client.ts';
import { serve, type Service } from '../../../src-main/protocol/dispatcher.ts';
import type { LanguageItem } from '../../../src-main/protocol/methods.ts';
import { channelPair } from '../../unit/protocol/channel-pair.ts';

const standIn = fileURLToPath(new URL('stand-in-server.mjs', import.meta.url));
const path = process.env['PATH'] ?? '';
let directory = '';
let file = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'strata-language-'));
  file = join(directory, 'a b.nix');
  const nil = join(directory, 'nil');
  writeFileSync(nil, `#!/bin/sh\nexec '${process.execPath}' '${standIn}'\n`);
  chmodSync(nil, 0o755);
  process.env['PATH'] = `${directory}:${path}`;
});

afterEach(() => {
  process.env['PATH'] = path;
  delete process.env['STAND_IN'];
  rmSync(directory, { recursive: true });
});

/** A front that listens; what it was told is `items`, and `over` settles when its stream has ended. */
async function front(searchPath = process.env['PATH']) {
  const sessions = new LanguageSessions();
  const [mine, theirs] = channelPair();
  serve(theirs, {
    calls: {
      languageText: ({ language, path: of, version, text }) => {
        sessions.get(language).setText(of, version, text);
        return {};
      },
      completions: async ({ language, trigger, ...place }, signal) =>
        sessions.get(language).completions(place, trigger, signal),
      hover: async ({ language, ...place }, signal) => sessions.get(language).hover(place, signal),
      definition: async ({ language, ...place }, signal) =>
        sessions.get(language).definition(place, signal),
    } as Partial<Service['calls']> as Service['calls'],
    streams: {
      language: (params, signal) => sessions.listen(params.file, searchPath, signal),
    } as Partial<Service['streams']> as Service['streams'],
  });
  const client = new Client(mine);
  const items: LanguageItem[] = [];
  const over = client
    .listen('language', { file }, (item) => void items.push(item))
    .then(
      () => null,
      (error: unknown) => error,
    );
  const first = await Promise.race([over, until(() => items[0])]);
  const language = first !== null && 'language' in (first as object) ? items[0] : undefined;
  const at = {
    language: language?.kind === 'ready' ? language.language : '',
    path: file,
    line: 1,
    column: 1,
  };
  const say = async (text: string | null, version = 1) =>
    client.call('languageText', { language: at.language, path: file, version, text });
  return { client, items, over, at, say };
}

async function until<T>(find: () => T | undefined): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    await sleep(10);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const ready = { kind: 'ready', language: expect.any(String) as string, server: 'nil' };

test('answers about the text on the screen, which need not be on the disk', async () => {
  const { client, items, at, say } = await front();
  await say('one TODO');
  const known = await client.call('hover', at);
  await say('two', 2);
  const word = /^\d+/.exec(known?.markdown ?? '')?.[0];
  expect([
    known,
    await client.call('hover', at),
    await client.call('completions', { ...at, line: 3, column: 5, trigger: '.' }),
    await client.call('definition', at),
    items,
  ]).toEqual([
    { markdown: `${word} one TODO 1`, range: null },
    { markdown: `${word} two 1`, range: null },
    {
      incomplete: false,
      items: [
        {
          label: 'hello',
          kind: 'Function',
          detail: null,
          documentation: null,
          text: 'hello',
          snippet: false,
          range: { startLineNumber: 3, startColumn: 5, endLineNumber: 3, endColumn: 5 },
          sortBy: null,
          filterBy: null,
        },
      ],
    },
    [
      {
        path: file,
        range: { startLineNumber: 1, startColumn: 1, endLineNumber: 1, endColumn: 2 },
      },
    ],
    [
      ready,
      {
        kind: 'diagnostics',
        path: file,
        version: 1,
        diagnostics: [
          {
            severity: 'warning',
            message: 'TODO',
            source: null,
            code: null,
            range: { startLineNumber: 1, startColumn: 1, endLineNumber: 1, endColumn: 2 },
            unnecessary: false,
          },
        ],
      },
      { kind: 'diagnostics', path: file, version: 2, diagnostics: [] },
    ],
  ]);
  client.close();
});

test('ends with the connection', async () => {
  const { client, at, say } = await front();
  await say('x');
  const pid = Number(/^\d+/.exec((await client.call('hover', at))?.markdown ?? '')?.[0]);
  expect(isRunning(pid)).toBe(true);
  client.close();
  await until(() => (isRunning(pid) ? undefined : true));
});

test('a server that does not answer holds nobody: the question is cancelled, the server ended', async () => {
  const { client, at, say } = await front();
  await say('x');
  const pid = Number(/^\d+/.exec((await client.call('hover', at))?.markdown ?? '')?.[0]);
  await say('silence', 2);
  const asking = new AbortController();
  const asked = client.call('hover', at, asking.signal);
  asking.abort();
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  client.close();
  await until(() => (isRunning(pid) ? undefined : true));
});

test('is started once more and knows the texts again; a second death is said', async () => {
  const { client, items, over, at, say } = await front();
  await say('die');
  await expect(client.call('hover', at)).rejects.toMatchObject({ code: 'cancelled' });
  await until(() => items.filter(({ kind }) => kind === 'ready')[1]);
  await say('well', 2);
  expect((await client.call('hover', at))?.markdown).toMatch(/^\d+ well 1$/);
  await say('die', 3);
  await expect(client.call('hover', at)).rejects.toMatchObject({ code: 'cancelled' });
  expect(await over).toMatchObject({
    code: 'environment',
    operation: 'running the language server nil',
    reason: 'it died twice: it ended with exit status 3',
  });
});

test('what is no answer is said, and the next one is taken', async () => {
  const { client, at, say } = await front();
  await say('nonsense');
  await expect(client.call('hover', at)).rejects.toMatchObject({
    code: 'format',
    operation: 'reading the hover of nil',
  });
  await say('refuse', 2);
  await expect(client.call('hover', at)).rejects.toMatchObject({
    code: 'environment',
    reason: 'not today',
  });
  await say('fine', 3);
  expect((await client.call('hover', at))?.markdown).toMatch(/^\d+ fine 1$/);
  client.close();
});

test('one that babbles is ended and started again', async () => {
  const { client, items, at, say } = await front();
  await say('babble');
  await expect(client.call('hover', at)).rejects.toMatchObject({ code: 'cancelled' });
  await until(() => items.filter(({ kind }) => kind === 'ready')[1]);
  client.close();
});

test('one that dies at its start is said with its last words', async () => {
  process.env['STAND_IN'] = 'dies';
  const { over } = await front();
  expect(await over).toMatchObject({
    reason: 'it died twice: it ended with exit status 4: no such flake',
  });
});

test('where there is none, that is said', async () => {
  const { over } = await front('/nowhere');
  expect(await over).toMatchObject({
    code: 'environment',
    reason: 'the program nil is not on PATH',
  });
});

test('a server that gives no answer to initialize is ended, with why', async () => {
  process.env['STAND_IN'] = 'waits';
  const server = new ServerProcess('nil', directory, () => undefined, 300);
  await expect(server.ready).rejects.toThrow();
  expect(await server.ended).toBe('it gave no answer to initialize in 0.3 s');
});
