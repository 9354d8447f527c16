/** What the next start finds after a crash between any two steps, and what it must leave alone. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { draftName } from '../../../src-main/host/draft.ts';
import { engineMark } from '../../../src-main/host/process.ts';
import { overlaySnapshotter } from '../../../src-main/snapshots/overlay-snapshotter.ts';
import { sweep } from '../../../src-main/snapshots/sweep.ts';
import { temporaryDirectory } from './mounted.ts';

describe('sweep', () => {
  let root: string;
  beforeEach(() => {
    root = join(temporaryDirectory(), 'store');
  });

  /** Makes an active snapshot look as if the process that made it had died. */
  async function abandoned(key: string): Promise<string> {
    const { directory } = await overlaySnapshotter(root).prepare(key, null);
    changeOwner(directory, { started: '1' });
    return directory;
  }
  function changeOwner(directory: string, change: object): void {
    const file = join(directory, 'owner.json');
    const owner: unknown = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...(owner as object), ...change }));
  }

  /** The name of a draft, as if another process of the same number had made it. */
  function ofTheDead(name: string): string {
    return name.replace(`-${process.pid}-`, `-${process.pid}-1`);
  }

  it('does nothing where there is no store', async () => {
    expect(await sweep(root)).toStrictEqual({ removed: [], killed: [] });
  });

  it('removes what a dead process held, with the tree in it, and frees the key', async () => {
    const directory = await abandoned('dead');
    mkdirSync(join(directory, 'layer', 'locked'), { mode: 0o000 });
    expect(await sweep(root)).toStrictEqual({ removed: ['dead'], killed: [] });
    expect(readdirSync(join(root, 'active'))).toStrictEqual([]);
    expect(readdirSync(join(root, 'trash'))).toStrictEqual([]);
    await overlaySnapshotter(root).prepare('dead', null);
  });

  it('leaves alone what belongs to a living process, or to another machine', async () => {
    await overlaySnapshotter(root).prepare('alive', null);
    changeOwner(await abandoned('elsewhere'), { host: 'another.example' });
    expect(await sweep(root)).toStrictEqual({ removed: [], killed: [] });
    expect(readdirSync(join(root, 'active')).sort()).toStrictEqual(['alive', 'elsewhere']);
  });

  it('takes what is from before the last boot', async () => {
    const { directory } = await overlaySnapshotter(root).prepare('old', null);
    changeOwner(directory, { boot: 'another' });
    expect((await sweep(root)).removed).toStrictEqual(['old']);
  });

  it('kills the processes of a dead run first', async () => {
    const directory = await abandoned('dead');
    await abandoned('dead-2');
    const env = { ...process.env, ...engineMark() };
    const naming = (path: string, options: SpawnOptions): ChildProcess =>
      spawn('sh', ['-c', 'sleep 100; :', path], { detached: true, ...options });
    const ours = naming(join(directory, 'layer'), { env });
    const others = naming(`${directory}-3/layer`, { env });
    // An editor, say, that a person opened in there.
    const persons = naming(join(directory, 'layer'), {});
    const end = once(ours, 'exit');
    const { killed } = await sweep(root);
    // Its child has the same command line until it has become `sleep`.
    expect(killed).toContain(ours.pid);
    expect(await end).toStrictEqual([null, 'SIGKILL']);
    expect(others.exitCode).toBeNull();
    expect([persons.exitCode, persons.signalCode]).toStrictEqual([null, null]);
    for (const { pid } of [ours, others, persons])
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  });

  it('keeps a snapshot whose commit was cut off after the rename, and drops one cut off before it', async () => {
    const snapshotter = overlaySnapshotter(root);
    await snapshotter.commit('whole', (await snapshotter.prepare('a', null)).key, []);
    const directory = await abandoned('cut-off');
    writeFileSync(join(directory, 'changes'), readFileSync(join(root, 'snapshots/whole/changes')));
    const late = await abandoned('late');
    writeFileSync(join(late, 'changes'), readFileSync(join(root, 'snapshots/whole/changes')));
    renameSync(late, join(root, 'snapshots/late'));
    expect((await sweep(root)).removed).toStrictEqual(['cut-off']);
    const names: string[] = [];
    for await (const { name, kind } of snapshotter.walk()) names.push(`${name} ${kind}`);
    expect(names.sort()).toStrictEqual(['late committed', 'whole committed']);
    expect(await snapshotter.recordedChanges('late')).toStrictEqual([]);
    await snapshotter.remove('late');
  });

  it('drops drafts once they are old, and empties the trash of the dead', async () => {
    mkdirSync(join(root, 'active/.new-1'), { recursive: true });
    mkdirSync(join(root, 'active/.new-2'));
    mkdirSync(join(root, 'active', ofTheDead(draftName())));
    mkdirSync(join(root, 'bases', ofTheDead(draftName())), { recursive: true });
    mkdirSync(join(root, 'runs', draftName()), { recursive: true });
    writeFileSync(join(root, 'runs', ofTheDead(draftName())), '');
    utimesSync(join(root, 'active/.new-1'), 1000, 1000);
    mkdirSync(join(root, 'trash', `mine${draftName()}`), { recursive: true });
    const left = join(root, 'trash', `left${ofTheDead(draftName())}`);
    mkdirSync(join(left, 'locked/within'), { recursive: true });
    chmodSync(join(left, 'locked'), 0o500);
    await sweep(root);
    expect(readdirSync(join(root, 'active'))).toStrictEqual(['.new-2']);
    expect(readdirSync(join(root, 'trash')).map((name) => name.split('.')[0])).toStrictEqual([
      'mine',
    ]);
    expect(readdirSync(join(root, 'bases'))).toStrictEqual([]);
    expect(readdirSync(join(root, 'runs'))).toHaveLength(1);
  });
});
