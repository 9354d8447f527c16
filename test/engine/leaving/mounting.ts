/** What mounted states are for whoever mounts them: one suite for root and for ordinary users. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MountedStates, type MountedState } from '../../../src-main/engine/mounted-states.ts';
import { draftName } from '../../../src-main/host/draft.ts';
import { phaseRecordText, type PhaseRecord } from '../../../src-main/phases/phase-record.ts';
import { PhaseStore } from '../../../src-main/phases/phase-store.ts';
import { overlaySnapshotter } from '../../../src-main/snapshots/overlay-snapshotter.ts';
import { deleteTree } from '../../../src-main/snapshots/tree-removal.ts';
import { runIn, temporaryDirectory } from '../snapshots/mounted.ts';

/** Commits a snapshot with a record, as far as mounting asks for one. */
async function snapshot(
  store: PhaseStore,
  id: string,
  parent: string | null,
  script: string,
): Promise<void> {
  const { snapshotter } = store;
  const active = await snapshotter.prepare(`key-${id}`, parent);
  runIn(active.mount, active.directory, script);
  rmSync(join(active.directory, 'merged'), { recursive: true });
  const record: Omit<PhaseRecord, 'schema'> = {
    ...{ id, parent, run: 'run', derivation: '/nix/store/x.drv', lineage: '', phase: 'buildPhase' },
    ...{ status: 'failed', name: null, initial: null, contents: '', policy: 'strict' },
    ...{ style: 'phases', phases: [], hasState: false, endedBuild: false, exitCode: 1 },
    ...{ ms: 1, bytes: 1, createdAt: '2026-01-01T00:00:00.000Z', failure: null },
  };
  writeFileSync(join(active.directory, 'phase.json'), phaseRecordText(record));
  await snapshotter.commit(id, active.key, await snapshotter.changes(active.key));
}

/** @param env for the programs that are looked for */
export function mountingSuite(
  how: MountedState['how'],
  env: Readonly<Record<string, string | undefined>>,
): void {
  describe(`states shown as directories: ${how}`, () => {
    const { signal } = new AbortController();
    let place: string;
    let store: PhaseStore;
    let mounts: MountedStates;

    beforeAll(async () => {
      place = temporaryDirectory();
      store = new PhaseStore(join(place, 'store'), overlaySnapshotter(join(place, 'store')));
      mounts = new MountedStates(store, env);
      await snapshot(
        store,
        'first',
        null,
        'mkdir -p build/again build/gone; echo 1 > build/a; echo 2 > build/again/old; touch build/gone/x; echo s > build/secret; chmod 600 build/secret; ln -s a build/link; ln build/a build/b',
      );
      await snapshot(
        store,
        'second',
        'first',
        'rm -r build/again build/gone; mkdir build/again; echo 3 > build/again/new',
      );
    });

    it('are whole, cannot be written to, and are gone after unmounting', async () => {
      const directory = join(place, 'shown here');
      expect(await mounts.mount('second', directory, signal)).toMatchObject({
        how,
        directory,
        phase: 'buildPhase',
      });
      try {
        expect(await mounts.list()).toMatchObject([{ snapshot: 'second', directory }]);
        if (how !== 'copy') {
          // What came with an image may lend nobody rights.
          const { stdout } = spawnSync('findmnt', ['-no', 'OPTIONS', directory]);
          expect(stdout.toString().split(',')).toEqual(expect.arrayContaining(['nosuid', 'nodev']));
        }
        const look = spawnSync(
          'sh',
          [
            '-c',
            'cd "$0/build"; find . | sort; cat a b link again/new secret; (echo x > more) 2>/dev/null || echo refused',
            directory,
          ],
          { encoding: 'utf8' },
        );
        expect(look.stdout).toBe(
          '.\n./a\n./again\n./again/new\n./b\n./link\n./secret\n1\n1\n1\n3\ns\nrefused\n',
        );
        await expect(mounts.mount('first', directory, signal)).rejects.toMatchObject({
          code: 'in-use',
          reason: 'a state is shown there already',
        });
      } finally {
        await mounts.unmount(directory);
      }
      expect(existsSync(directory)).toBe(false);
      expect(await mounts.list()).toEqual([]);
      await expect(mounts.unmount(directory)).rejects.toMatchObject({ code: 'not-found' });
    });

    it('leave a directory that was there, as it was', async () => {
      const directory = join(place, 'was-there');
      mkdirSync(directory);
      await mounts.mount('first', directory, signal);
      expect(readFileSync(join(directory, 'build/again/old'), 'utf8')).toBe('2\n');
      await mounts.unmount(directory);
      expect(readdirSync(directory)).toEqual([]);
    });

    it('are known after a crash, and what was only begun is cleared away', async () => {
      const directory = join(place, 'begun');
      const { made, ...state } = await mounts.mount('first', directory, signal);
      expect(made).toBe(true);
      // Another process sees it, and ends it.
      const others = new MountedStates(store, env);
      expect(await others.list()).toMatchObject([{ directory }]);
      const [name = ''] = readdirSync(join(store.root, 'mounts'));
      const record = readFileSync(join(store.root, 'mounts', name));
      await others.unmount(directory);
      // The same record without what it tells of is what a crash, or a start of the machine, leaves.
      writeFileSync(join(store.root, 'mounts', name), record);
      mkdirSync(directory);
      if (state.draft !== null) mkdirSync(join(state.draft, 'half'), { recursive: true });
      if (state.draft === null) {
        expect(await others.list()).toEqual([]);
        expect(existsSync(directory)).toBe(false);
        expect(readdirSync(join(store.root, 'mounts'))).toEqual([]);
      } else {
        // The process that makes it, this one, lives: it may go on.
        expect(await others.list()).toEqual([]);
        expect(existsSync(state.draft)).toBe(true);
        rmSync(state.draft, { recursive: true });
      }
    });

    it('are not ended where a person has put their own in their place', async () => {
      const directory = join(place, 'replaced');
      await mounts.mount('first', directory, signal);
      if (how === 'copy') await deleteTree(directory);
      else
        spawnSync(
          how === 'fuse' ? 'fusermount3' : 'umount',
          how === 'fuse' ? ['-u', directory] : [directory],
        );
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, 'mine'), 'mine');
      await expect(mounts.unmount(directory)).rejects.toMatchObject({ code: 'not-found' });
      expect(readFileSync(join(directory, 'mine'), 'utf8')).toBe('mine');
    });

    it('are left alone by whoever lists them while they are made', async () => {
      const directory = join(place, 'under-way');
      const others = new MountedStates(store, env);
      const state = { isMade: false };
      const mounting = mounts.mount('first', directory, signal).finally(() => {
        state.isMade = true;
      });
      while (!state.isMade) await others.list();
      await mounting;
      expect(await others.list()).toContainEqual(expect.objectContaining({ directory }));

      // Until it is there nobody is shown it, and nobody may collect what it will show.
      const own = (name: string): boolean => readFileSync(name, 'utf8').includes(`"${directory}"`);
      const records = readdirSync(join(store.root, 'mounts'));
      const record = records.map((name) => join(store.root, 'mounts', name)).find(own) ?? '';
      const text = readFileSync(record, 'utf8');
      writeFileSync(record, text.replace('"maker":null', `"maker":"${draftName()}"`));
      expect((await others.list()).map((one) => one.directory)).not.toContain(directory);
      expect([...(await others.needed())]).toContain('first');
      writeFileSync(record, text);
      await mounts.unmount(directory);
    });

    it.skipIf(how === 'copy')('are not taken from a program that works in them', async () => {
      const directory = join(place, 'busy');
      await mounts.mount('first', directory, signal);
      const before = process.cwd();
      process.chdir(directory);
      try {
        await expect(mounts.unmount(directory)).rejects.toMatchObject({ code: 'in-use' });
      } finally {
        process.chdir(before);
        await mounts.unmount(directory);
      }
    });
  });
}
