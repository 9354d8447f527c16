import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkbenchService } from '../../../src-main/engine/workbench-service.ts';
import type { StreamParams } from '../../../src-main/protocol/methods.ts';
import { refusal } from '../cli/command-line.ts';
import { packageOf, stdenvs } from '../phases/stdenvs.ts';
import { Workbench } from '../phases/workbench.ts';
import { titled } from '../snapshots/mounted.ts';

describe.skipIf(refusal !== null)(titled('leaving Strata from the window', refusal), () => {
  const { signal } = new AbortController();
  let workbench: Workbench;
  let service: WorkbenchService;
  let snapshot: string;

  beforeAll(async () => {
    workbench = Workbench.open();
    const [stdenv] = stdenvs;
    if (stdenv === undefined) throw new Error('there is always the host stdenv');
    const expression = packageOf(stdenv, {
      name: '"leaving"',
      dontUnpack: 'true',
      buildPhase: '"echo built > result"',
      installPhase: '"cp result $out"',
    });
    snapshot = (await workbench.run(expression)).snapshots.get('buildPhase') ?? '';
    service = new WorkbenchService(await workbench.engine(), workbench.directory);
  });
  afterAll(async () => {
    await service.close();
    await workbench.close();
  });

  async function all<Item>(stream: AsyncIterable<Item>): Promise<readonly Item[]> {
    const items: Item[] = [];
    for await (const item of stream) items.push(item);
    return items;
  }

  it('tells each layer of an image, then what was written; and brings it back', async () => {
    const wish = {
      snapshot,
      destination: 'image.tar',
      compression: 'gzip',
      hostPaths: 'files',
    } as const;
    const items = await all(service.streams.exportOci(wish, signal));
    const names = items.flatMap((item) => (item.kind === 'step' ? [item.name] : []));
    expect(names).toEqual(expect.arrayContaining(['inputs', 'base', 'buildPhase']) as string[]);
    expect(items.at(-1)).toMatchObject({
      kind: 'done',
      image: {
        destination: join(workbench.directory, 'image.tar'),
        snapshot,
        layers: names.length,
      },
    });
    const back = service.streams.importOci(
      { source: 'image.tar', inputs: 'leave', sandbox: 'strict' },
      signal,
    );
    expect((await all(back)).at(-1)).toMatchObject({
      kind: 'done',
      image: { snapshot, phase: 'buildPhase', added: 0, missingInputs: [] },
    });
  });

  it('tells of what is copied to a cache', async () => {
    const wish: StreamParams<'exportCache'> = {
      snapshots: [snapshot],
      targets: [],
      directory: 'binary-cache',
      inputs: 'without',
      compression: 'zstd',
      secretKey: null,
    };
    const items = await all(service.streams.exportCache(wish, signal));
    expect(items.at(-1)).toMatchObject({ kind: 'done', cache: { publicKey: null, repaired: [] } });
    expect(
      readFileSync(join(workbench.directory, 'binary-cache/nix-cache-info'), 'utf8'),
    ).toContain('StoreDir: /nix/store');
  });

  it('shows a state as a directory, and takes it away', async () => {
    const mounted = await service.calls.mountSnapshot({ snapshot, directory: 'shown' }, signal);
    const { directory } = mounted;
    expect(mounted).toMatchObject({ snapshot, phase: 'buildPhase' });
    expect(readFileSync(join(directory, 'build/result'), 'utf8')).toBe('built\n');
    expect(await service.calls.mountedSnapshots({}, signal)).toMatchObject([{ directory }]);
    await service.calls.unmountSnapshot({ directory }, signal);
    expect(await service.calls.mountedSnapshots({}, signal)).toEqual([]);
  });

  it('leaves nothing of an export that was stopped', async () => {
    const controller = new AbortController();
    const wish = {
      snapshot,
      destination: 'stopped',
      compression: 'gzip',
      hostPaths: 'all',
    } as const;
    const stream = service.streams.exportOci(wish, controller.signal);
    const stopping = (async () => {
      // The paths of the host are the second layer, and large.
      for await (const item of stream)
        if (item.kind === 'step' && item.number === 2) controller.abort();
    })();
    await expect(stopping).rejects.toMatchObject({ code: 'cancelled' });
    const left = readdirSync(workbench.directory).filter((name) => /stopped|\.new-/.test(name));
    expect(left).toEqual([]);
  });
});
