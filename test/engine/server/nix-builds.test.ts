// Builds by Nix as the window asks for them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../../../src-main/protocol/client.ts';
import {
  noNixBuildWish,
  type DerivationBuildView,
  type NixBuildEvent,
  type NixBuildWish,
} from '../../../src-main/protocol/methods/nix-builds.ts';
import type { StreamItem } from '../../../src-main/protocol/methods.ts';
import { refusal } from '../cli/command-line.ts';
import { titled } from '../snapshots/mounted.ts';
import { ServedWorkbench, wish } from './served-workbench.ts';

interface Followed {
  readonly events: readonly NixBuildEvent[];
  /** As last told. */
  readonly derivations: ReadonlyMap<string, DerivationBuildView>;
}

describe.skipIf(refusal !== null)(titled('builds by Nix in the window', refusal), () => {
  let workbench: ServedWorkbench;
  let client: Client;
  const salt = `${process.pid}-${Date.now()}`;
  beforeAll(async () => {
    workbench = await ServedWorkbench.open();
    client = await workbench.connect();
    writeFileSync(
      join(workbench.directory, 'default.nix'),
      `let
        make = name: script: derivation {
          inherit name; system = builtins.currentSystem; builder = "/bin/bash"; salt = "${salt}";
          args = [ "-c" "PATH=/usr/bin:/bin\\n\${script}" ];
        };
      in rec {
        many = make "many" "echo Running phase: buildPhase; seq 1 1000; echo ok > $out";
        bad = make "bad" "echo \${many}; exit 3";
        top = make "top" "echo \${bad}";
        slow = make "slow" "echo begun; sleep 600";
      }`,
    );
  }, 60_000);
  afterAll(async () => {
    client.close();
    await workbench.close();
  });

  const wished = (attribute: string): NixBuildWish => ({ ...noNixBuildWish, attribute });

  async function follow(build: string): Promise<Followed> {
    const events: NixBuildEvent[] = [];
    const derivations = new Map<string, DerivationBuildView>();
    await client.listen('nixBuild', { build }, (event) => {
      events.push(event);
      if (event.event !== 'changed') return;
      for (const one of event.derivations) derivations.set(one.derivation, one);
    });
    return { events, derivations };
  }

  test('are followed to their end, with what needs what, and read line by line', async () => {
    const { build } = await client.call('startNixBuild', { wish: wished('top') });
    const { events, derivations } = await follow(build);
    const [many, bad, top] = [...derivations.values()].toSorted(
      (one, other) => (one.startedAt ?? Infinity) - (other.startedAt ?? Infinity),
    );
    if (many === undefined || bad === undefined || top === undefined) throw new Error('too few');
    expect([many.state, bad.state, top.state]).toEqual(['built', 'failed', 'input-failed']);
    expect([bad.inputs, top.inputs]).toEqual([[many.derivation], [bad.derivation]]);
    expect(many).toMatchObject({ lines: 1001, phases: [{ name: 'buildPhase', line: 0 }] });
    expect(events[0]).toEqual({
      event: 'evaluated',
      derivation: top.derivation,
      plain: top.derivation,
    });
    expect(events.at(-1)).toMatchObject({
      event: 'finished',
      status: 'failed',
      failed: [bad.derivation],
    });

    const place = { build, derivation: many.derivation };
    const lines = await client.call('nixBuildLines', { ...place, from: 499, count: 400 });
    expect(lines.map(({ text }) => text)).toEqual(
      Array.from({ length: 400 }, (_, at) => String(499 + at)),
    );
    expect(lines.every(({ at }) => at > Date.now() - 600_000 && at <= Date.now())).toBe(true);
    expect(await client.call('nixBuildLines', { ...place, from: 1000, count: 9 })).toHaveLength(1);
    expect(await client.call('nixBuildLines', { ...place, from: 2000, count: 9 })).toEqual([]);
    const search = { ...place, regex: true, caseSensitive: true, limit: 3 };
    expect(await client.call('nixBuildSearch', { ...search, query: '^99\\d$' })).toEqual({
      lines: [990, 991, 992],
      more: true,
    });
    await expect(client.call('nixBuildSearch', { ...search, query: '(' })).rejects.toMatchObject({
      code: 'usage',
    });
    // Who comes late is told the same.
    const late = await follow(build);
    expect([...late.derivations]).toEqual([...derivations]);

    const log = await client.call('openNixLog', { path: many.derivation });
    const old = await follow(log.build);
    expect([...old.derivations.values()]).toMatchObject([
      { derivation: many.derivation, state: 'built', lines: 1001, startedAt: null },
    ]);
    expect((await client.call('nixBuilds', {})).map(({ build: id }) => id)).toEqual([
      log.build,
      build,
    ]);
  }, 60_000);

  test('end when somebody stops them, and say why they cannot begin', async () => {
    const { build } = await client.call('startNixBuild', { wish: wished('slow') });
    const stopped = client.listen('nixBuild', { build }, async (event) => {
      const begun = event.event === 'changed' && event.derivations.some(({ lines }) => lines > 0);
      if (begun) void client.call('stopNixBuild', { build });
      return Promise.resolve();
    });
    await stopped;
    const { events, derivations } = await follow(build);
    expect(events.at(-1)).toEqual({ event: 'stopped', error: null });
    expect([...derivations.values()].map(({ state }) => state)).toEqual(['stopped']);

    const none = await client.call('startNixBuild', { wish: wished('nowhere') });
    expect((await follow(none.build)).events.at(-1)).toMatchObject({
      event: 'stopped',
      error: { code: 'nix', reason: expect.stringContaining('nowhere') as string },
    });
    await expect(
      client.call('nixBuildLines', { build: 'x', derivation: '', from: 0, count: 1 }),
    ).rejects.toThrow('no build x');
  }, 60_000);

  test('confirm a run', async () => {
    const target = join(workbench.directory, 'resources/examples/hello');
    const { job } = await client.call('start', { wish: wish(target) });
    const runs: string[] = [];
    await client.listen('job', { job }, (event) => {
      if (event.event === 'planned') runs.push(event.run);
    });
    const items: StreamItem<'confirm'>[] = [];
    await client.listen('confirm', { run: runs[0] ?? '' }, (item) => void items.push(item));
    expect(items.at(-1)).toMatchObject({ kind: 'ended', confirmation: { outcome: 'identical' } });
    expect(items[0]).toEqual({ kind: 'step', text: 'making the inputs present' });
    const [run] = await client.call('runs', { limit: 1 });
    expect(run).toMatchObject({
      unconfirmed: false,
      confirmation: { outcome: 'identical', differences: 0 },
    });
  }, 180_000);

  test('have options, each with whether this user may use it', async () => {
    const options = await client.call('nixOptions', {});
    expect(options.find(({ option }) => option === '--check')?.permission).toBe('allowed');
  });
});
