// Builds by Nix held for a window: what the stream tells, the answers, and a shell in a terminal of the window's.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NixHoldItem } from '../../../src-main/protocol/methods.ts';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';
import { ServedWorkbench } from './served-workbench.ts';

describe.skipIf(nixReason !== null)(titled('a window', nixReason), () => {
  let workbench: ServedWorkbench;
  beforeAll(async () => {
    workbench = await ServedWorkbench.open();
  });
  afterAll(async () => workbench.close());

  const wishFor = (target: string) => ({
    target,
    attribute: null,
    args: [],
    argstrs: [],
    options: [],
    impure: false,
    allowUnfree: false,
    set: [],
    enterBy: 'nsenter' as const,
  });

  const write = (): string =>
    workbench.write(
      'held.nix',
      `(import ./resources/host-stdenv { }).mkDerivation {
        name = "held-for-a-window"; dontUnpack = true;
        buildPhase = "mkdir sub; cd sub; false";
      }`,
    );

  test('is told of the log and the pause, opens a shell there, and ends the build', async ({
    skip,
  }) => {
    if (process.env['NIX_REMOTE'] === 'daemon') skip('the daemon builds as another user');
    const client = await workbench.connect();
    const items: NixHoldItem[] = [];
    let printed = '';
    await client.listen('nixHold', { wish: wishFor(write()) }, async (item) => {
      items.push(item);
      if (item.kind !== 'paused') return;
      const { hold } = item;
      const { shell, title } = await client.call('openPausedShell', {
        hold,
        columns: 80,
        rows: 24,
      });
      expect(title).toBe('buildPhase (paused)');
      // It is the window's that holds the build, and no later one's.
      expect(await client.call('shells', {})).toStrictEqual([]);
      await client.call('shellInput', { shell, data: 'echo "in $PWD"; exit 5\r' });
      await client.listen('shell', { shell }, (piece) => {
        printed += piece.kind === 'output' ? piece.data : `exit ${piece.exitCode}`;
      });
      const nothing = { added: 0, modified: 0, removed: 0, inSources: 0, paths: [] };
      expect(await client.call('shellChanges', { shell })).toStrictEqual(nothing);
      await client.call('closeShell', { shell, disposition: { kind: 'discard' } });
      await client.call('nixHoldAnswer', { hold, answer: 'end' });
      await expect(client.call('nixHoldAnswer', { hold, answer: 'end' })).rejects.toMatchObject({
        code: 'not-found',
      });
    });
    expect(printed).toContain('in /build/sub');
    const kinds = items.map(({ kind }) => kind);
    expect([kinds[0], kinds.at(-1)]).toStrictEqual(['step', 'ended']);
    expect(items.filter((item) => item.kind === 'paused')).toMatchObject([
      { name: 'held-for-a-window', phase: 'buildPhase', exitCode: 1, ways: [{ name: 'nsenter' }] },
    ]);
    expect(items.at(-1)).toStrictEqual({ kind: 'ended', how: 'ended', outputs: [] });
    const log = items.flatMap((item) => (item.kind === 'log' ? item.lines : []));
    expect(log).toContain('Running phase: buildPhase');
  });

  test('that stops listening ends the build', async () => {
    const client = await workbench.connect();
    const front = new AbortController();
    let hold = '';
    await client
      .listen(
        'nixHold',
        { wish: wishFor(write()) },
        (item) => {
          if (item.kind !== 'paused') return;
          ({ hold } = item);
          front.abort();
        },
        front.signal,
      )
      .catch(() => undefined);
    const answered = async (): Promise<unknown> =>
      client.call('nixHoldAnswer', { hold, answer: 'end' }).catch((error: unknown) => error);
    await expect.poll(answered, { timeout: 10_000 }).toMatchObject({ code: 'not-found' });
  });
});
