// Builds by Nix held for a window: what the stream tells, the answers, and a shell in a terminal of the window's.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  noNixBuildWish,
  type NixBuildEvent,
  type PausedBuildView,
} from '../../../src-main/protocol/methods.ts';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';
import { ServedWorkbench } from './served-workbench.ts';

type Client = Awaited<ReturnType<ServedWorkbench['connect']>>;

/** Why a test cannot enter a build; null where it can. */
const foreign = process.env['NIX_REMOTE'] === 'daemon' ? 'the daemon builds as another user' : null;

describe.skipIf(nixReason !== null)(titled('a window', nixReason), () => {
  let workbench: ServedWorkbench;
  beforeAll(async () => {
    workbench = await ServedWorkbench.open();
  });
  afterAll(async () => workbench.close());

  const write = (name: string): string =>
    workbench.write(
      `${name}.nix`,
      `(import ./resources/host-stdenv { }).mkDerivation {
        name = "${name}"; dontUnpack = true;
        buildPhase = "mkdir sub; cd sub; false";
      }`,
    );

  async function begin(client: Client, name: string): Promise<string> {
    const wish = {
      ...noNixBuildWish,
      target: write(name),
      hold: true,
      enterBy: 'nsenter' as const,
    };
    return (await client.call('startNixBuild', { wish })).build;
  }

  /** Follows a build to its end; told of each pause. */
  async function follow(
    client: Client,
    build: string,
    onPaused: (paused: PausedBuildView, at: number) => Promise<unknown>,
  ): Promise<readonly NixBuildEvent[]> {
    const events: NixBuildEvent[] = [];
    let pauses = 0;
    await client.listen('nixBuild', { build }, async (event) => {
      events.push(event);
      if (event.event !== 'paused' || event.paused === null) return;
      await onPaused(event.paused, (pauses += 1));
    });
    return events;
  }

  test.skipIf(foreign !== null)(
    titled('opens a shell in the paused build, builds it again, and ends it', foreign),
    async () => {
      const client = await workbench.connect();
      const build = await begin(client, 'held-for-a-window');
      let printed = '';
      const events = await follow(client, build, async ({ hold, ...paused }, pause) => {
        expect(paused).toMatchObject({
          name: 'held-for-a-window',
          phase: 'buildPhase',
          exitCode: 1,
          ways: [{ name: 'nsenter' }],
        });
        expect(paused.derivation).toMatch(/-held-for-a-window\.drv$/);
        if (pause === 1) {
          await client.call('answerPausedBuild', { hold, answer: 'retry' });
          return;
        }
        const size = { columns: 80, rows: 24 };
        const { shell, title } = await client.call('openPausedShell', { hold, ...size });
        expect(title).toBe('buildPhase (paused)');
        expect(await client.call('shells', {})).toMatchObject([{ shell, snapshot: null }]);
        await client.call('shellInput', { shell, data: 'echo "in $PWD"; exit 5\r' });
        await client.listen('shell', { shell }, (piece) => {
          printed += piece.kind === 'output' ? piece.data : `exit ${piece.exitCode}`;
        });
        const nothing = { added: 0, modified: 0, removed: 0, inSources: 0, paths: [] };
        expect(await client.call('shellChanges', { shell })).toStrictEqual(nothing);
        await client.call('closeShell', { shell, disposition: { kind: 'discard' } });
        await client.call('answerPausedBuild', { hold, answer: 'end' });
        await expect(
          client.call('answerPausedBuild', { hold, answer: 'end' }),
        ).rejects.toMatchObject({ code: 'not-found' });
      });
      expect(printed).toContain('in /build/sub');
      expect(printed).toContain('exit 5');
      const kinds = events.map(({ event }) => event);
      expect(kinds.slice(0, 2)).toStrictEqual(['note', 'evaluated']);
      const again = kinds.indexOf('again');
      expect(kinds.slice(again, again + 3)).toStrictEqual(['again', 'note', 'evaluated']);
      expect(events.at(-1)).toMatchObject({
        event: 'finished',
        status: 'failed',
        pausedUntil: 'person',
        outputs: [],
      });
      // The lines are those of the second attempt alone.
      const [derivation = ''] = events.flatMap((event) =>
        event.event === 'evaluated' ? [event.derivation] : [],
      );
      const lines = await client.call('nixBuildLines', { build, derivation, from: 0, count: 2000 });
      const texts = lines.map(({ text }) => text);
      expect(texts.filter((text) => text === 'Running phase: buildPhase')).toHaveLength(1);
    },
  );

  test('that goes away leaves the build paused for the next one, which is told how it stands', async () => {
    const first = await workbench.connect();
    const build = await begin(first, 'held-through-a-reload');
    const gone = new AbortController();
    await first
      .listen(
        'nixBuild',
        { build },
        (event) => {
          if (event.event === 'paused') gone.abort();
        },
        gone.signal,
      )
      .catch(() => undefined);
    const second = await workbench.connect();
    const listed = await second.call('nixBuilds', {});
    expect(listed.find((one) => one.build === build)).toMatchObject({
      live: true,
      wish: { hold: true },
    });
    // Nobody works in an engine whose builds all wait for an answer.
    await workbench.service.idle();
    expect(workbench.service.isIdle).toBe(true);
    const events = await follow(second, build, async ({ hold }) =>
      second.call('answerPausedBuild', { hold, answer: 'end' }),
    );
    expect(events.at(-1)).toMatchObject({ event: 'finished', pausedUntil: 'person' });
  });

  test('that stops it ends the pause', async () => {
    const client = await workbench.connect();
    const build = await begin(client, 'held-and-stopped');
    let hold = '';
    const events = await follow(client, build, async (paused) => {
      ({ hold } = paused);
      return client.call('stopNixBuild', { build });
    });
    expect(events.at(-1)).toStrictEqual({ event: 'stopped', error: null });
    await expect(client.call('answerPausedBuild', { hold, answer: 'end' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
