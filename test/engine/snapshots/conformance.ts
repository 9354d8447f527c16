/** What every backend promises; snapshotter.ts says it in words. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../../src-main/snapshots/change.ts';
import type { ActiveSnapshot, Snapshotter } from '../../../src-main/snapshots/snapshotter.ts';
import { runIn, temporaryDirectory } from './mounted.ts';

/** Declares the suite for one backend; to be called in a `describe`. */
export function conformance(open: (root: string) => Snapshotter): void {
  let root: string;
  let place: string;
  let snapshotter: Snapshotter;
  let count = 0;

  beforeAll(() => {
    place = temporaryDirectory();
    root = join(place, 'store');
    mkdirSync(root);
    snapshotter = open(root);
  });
  afterAll(() => snapshotter.close());

  /** Runs a script on a parent, commits, and gives the new name. */
  async function commit(parent: string | null, script: string): Promise<string> {
    const name = fresh('snapshot');
    const active = await prepare(parent, script);
    await snapshotter.commit(name, active.key, await snapshotter.changes(active.key));
    return name;
  }
  async function prepare(parent: string | null, script: string): Promise<ActiveSnapshot> {
    const active = await snapshotter.prepare(fresh('key'), parent);
    runIn(active.mount, place, script);
    return active;
  }
  function fresh(word: string): string {
    count += 1;
    return `${word}-${count}`;
  }
  /** What a script changes, without keeping it. */
  async function changesOf(parent: string | null, script: string): Promise<readonly Change[]> {
    const { key } = await prepare(parent, script);
    const changes = await snapshotter.changes(key);
    await snapshotter.remove(key);
    return changes;
  }
  async function look(name: string, script: string): Promise<string> {
    const key = fresh('look');
    const { mount } = await snapshotter.view(key, name);
    const output = runIn(mount, place, script);
    await snapshotter.remove(key);
    return output;
  }
  async function contents(name: string, path: string, from?: number): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of await snapshotter.readFile(name, path, from)) {
      chunks.push(Buffer.from(chunk));
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  describe('life cycle', () => {
    it('commits what was written, and a child begins as its parent is', async () => {
      const first = await commit(null, 'mkdir d; echo one >d/f');
      const second = await commit(first, 'cat d/f >d/g; echo two >d/f');
      expect(await look(first, 'cat d/f; ls d')).toBe('one\nf\n');
      expect(await look(second, 'cat d/f d/g')).toBe('two\none\n');
      expect(await snapshotter.stat(second)).toStrictEqual({
        name: second,
        kind: 'committed',
        parent: first,
        directory: join(root, 'snapshots', second),
      });
    });

    it('frees the key on commit and on removal', async () => {
      for (const name of [fresh('again'), fresh('again')]) {
        const { key } = await snapshotter.prepare('reused', null);
        await snapshotter.commit(name, key, []);
      }
      await snapshotter.prepare('reused', null);
      await snapshotter.remove('reused');
      await expect(snapshotter.stat('reused')).rejects.toMatchObject({ code: 'not-found' });
    });

    it('keeps the files beside the tree', async () => {
      const { key, directory } = await snapshotter.prepare(fresh('key'), null);
      writeFileSync(join(directory, 'log'), 'a line\n');
      const name = fresh('snapshot');
      await snapshotter.commit(name, key, []);
      const stat = await snapshotter.stat(name);
      expect(readFileSync(join(stat.directory, 'log'), 'utf8')).toBe('a line\n');
      expect(readdirSync(stat.directory).sort()).toStrictEqual(
        [
          'changes',
          snapshotter.backend === 'overlay' ? 'layer' : 'tree',
          'log',
          'snapshot.json',
        ].sort(),
      );
    });

    it('shows views and active snapshots as what they are, and walks committed ones only', async () => {
      const name = await commit(null, 'echo >f');
      const active = await snapshotter.prepare(fresh('key'), name);
      const view = await snapshotter.view(fresh('key'), name);
      expect(await snapshotter.stat(active.key)).toMatchObject({ kind: 'active', parent: name });
      expect(await snapshotter.stat(view.key)).toMatchObject({ kind: 'view', parent: name });
      const walked: string[] = [];
      for await (const { name: each } of snapshotter.walk()) walked.push(each);
      expect(walked).toContain(name);
      expect(walked).not.toContain(active.key);
      expect(walked).not.toContain(view.key);
      await snapshotter.remove(active.key);
      await snapshotter.remove(view.key);
    });

    it('lets nobody write to a view', async () => {
      const name = await commit(null, 'echo one >f');
      const view = await snapshotter.view(fresh('key'), name);
      expect(() => runIn(view.mount, place, 'echo two >f')).toThrow(/Read-only file system/);
      await snapshotter.remove(view.key);
    });

    it('takes away on close what it holds, and nothing of another instance', async () => {
      const other = open(root);
      await other.prepare('others', null);
      await snapshotter.prepare('mine', null);
      await other.close();
      await expect(snapshotter.stat('others')).rejects.toMatchObject({ code: 'not-found' });
      expect(await snapshotter.stat('mine')).toMatchObject({ kind: 'active' });
      await snapshotter.remove('mine');
    });
  });

  describe('refusals', () => {
    it('knows no unknown name', async () => {
      const missing = { code: 'not-found' };
      await expect(snapshotter.prepare(fresh('key'), 'nothing')).rejects.toMatchObject(missing);
      await expect(snapshotter.view(fresh('key'), 'nothing')).rejects.toMatchObject(missing);
      await expect(snapshotter.changes('nothing')).rejects.toMatchObject(missing);
      await expect(snapshotter.commit('x', 'nothing', [])).rejects.toMatchObject(missing);
      await expect(snapshotter.remove('nothing')).rejects.toMatchObject(missing);
      await expect(snapshotter.stat('nothing')).rejects.toMatchObject(missing);
      await expect(snapshotter.usage('nothing')).rejects.toMatchObject(missing);
      await expect(snapshotter.recordedChanges('nothing')).rejects.toMatchObject(missing);
      await expect(snapshotter.readFile('nothing', '/f')).rejects.toMatchObject(missing);
      await expect(snapshotter.lookup('nothing', '/f')).rejects.toMatchObject(missing);
      await expect(snapshotter.listDirectory('nothing', '/')).rejects.toMatchObject(missing);
      await expect(snapshotter.compare('nothing', 'nothing')).rejects.toMatchObject(missing);
    });

    it('gives no name twice', async () => {
      const name = await commit(null, 'echo >f');
      const { key } = await snapshotter.prepare(fresh('key'), null);
      const taken = { code: 'in-use' };
      await expect(snapshotter.prepare(key, null)).rejects.toMatchObject(taken);
      await expect(snapshotter.prepare(name, null)).rejects.toMatchObject(taken);
      await expect(snapshotter.view(key, name)).rejects.toMatchObject(taken);
      await expect(snapshotter.commit(name, key, [])).rejects.toMatchObject(taken);
      expect(await snapshotter.stat(key)).toMatchObject({ kind: 'active' });
      await snapshotter.remove(key);
    });

    it('takes no name that could be a path', async () => {
      for (const name of ['', '..', '../snapshots', 'a/b', '.hidden', 'Upper', '-option', 'a\n']) {
        const usage = { code: 'usage' };
        await expect(snapshotter.prepare(name, null)).rejects.toMatchObject(usage);
        await expect(snapshotter.prepare('key', name)).rejects.toMatchObject(usage);
        await expect(snapshotter.changes(name)).rejects.toMatchObject(usage);
        await expect(snapshotter.commit(name, name, [])).rejects.toMatchObject(usage);
        await expect(snapshotter.remove(name)).rejects.toMatchObject(usage);
        await expect(snapshotter.stat(name)).rejects.toMatchObject(usage);
        await expect(snapshotter.recordedChanges(name)).rejects.toMatchObject(usage);
        await expect(snapshotter.readFile(name, '/f')).rejects.toMatchObject(usage);
      }
    });

    it('commits no view', async () => {
      const name = await commit(null, 'echo >f');
      const { key } = await snapshotter.view(fresh('key'), name);
      await expect(snapshotter.commit(fresh('snapshot'), key, [])).rejects.toMatchObject({
        code: 'not-found',
      });
      await snapshotter.remove(key);
    });

    it('removes nothing that has children, committed or active', async () => {
      const parent = await commit(null, 'echo >f');
      const child = await commit(parent, 'echo >g');
      await expect(snapshotter.remove(parent)).rejects.toMatchObject({ code: 'in-use' });
      const { key } = await snapshotter.view(fresh('key'), child);
      await expect(snapshotter.remove(child)).rejects.toMatchObject({ code: 'in-use' });
      await snapshotter.remove(key);
      await snapshotter.remove(child);
      await snapshotter.remove(parent);
      expect(readdirSync(join(root, 'trash'))).toStrictEqual([]);
    });

    it('reads only regular files', async () => {
      const name = await commit(null, 'mkdir d; mkfifo p; ln -s gone l; echo >f');
      const usage = { code: 'usage' };
      await expect(snapshotter.readFile(name, '/')).rejects.toMatchObject(usage);
      await expect(snapshotter.readFile(name, '/d')).rejects.toMatchObject(usage);
      await expect(snapshotter.readFile(name, '/p')).rejects.toMatchObject(usage);
      await expect(snapshotter.listDirectory(name, '/f')).rejects.toMatchObject(usage);
      await expect(snapshotter.readFile(name, '/l')).rejects.toMatchObject({ code: 'not-found' });
      await expect(snapshotter.readFile(name, '/f/g')).rejects.toMatchObject({ code: 'not-found' });
    });
  });

  describe('changes', () => {
    it('has each kind, sorted by bytes, with sizes, modes and digests', async () => {
      const base = await commit(null, 'umask 022; mkdir d; echo a >d/a; echo b >d/b; echo c >c');
      const changes = await changesOf(
        base,
        'umask 022; rm d/a; echo bb >d/b; chmod 600 c; echo e >d/e',
      );
      expect(changes).toStrictEqual([
        { kind: 'modified', path: '/c', entry: file('c\n', 0o600), old: file('c\n') },
        { kind: 'removed', path: '/d/a', old: file('a\n') },
        { kind: 'modified', path: '/d/b', entry: file('bb\n'), old: file('b\n') },
        { kind: 'added', path: '/d/e', entry: file('e\n') },
      ]);
    });

    it('has nothing for files rewritten with the same contents, touched, or renamed and back', async () => {
      const base = await commit(null, 'mkdir d; echo a >d/a; echo b >b; ln -s b l');
      const script =
        'echo a >d/a; touch b d; mv b x; mv x b; chmod 700 d; chmod 755 d; rm l; ln -s b l';
      expect(await changesOf(base, script)).toStrictEqual([]);
    });

    it('lists all that was in a removed directory', async () => {
      const base = await commit(null, 'mkdir -p d/e; echo a >d/e/a; mkdir d-');
      expect(brief(await changesOf(base, 'rm -r d'))).toStrictEqual([
        'removed /d',
        'removed /d/e',
        'removed /d/e/a',
      ]);
    });

    it('sees through a directory made anew where one was removed', async () => {
      const base = await commit(null, 'mkdir -p d/e/s; echo a >d/a; echo b >d/b; echo c >d/e/c');
      const again = 'rm -r d; mkdir -p d/e; echo a >d/a; echo n >d/n';
      const expected = ['removed /d/b', 'removed /d/e/c', 'removed /d/e/s', 'added /d/n'];
      expect(brief(await changesOf(base, again))).toStrictEqual(expected);
      const top = await commit(base, again);
      expect(brief(await changesOf(top, 'echo c >d/e/c; rm d/n'))).toStrictEqual([
        'added /d/e/c',
        'removed /d/n',
      ]);
      expect(await look(top, 'find . | sort')).toBe('.\n./d\n./d/a\n./d/e\n./d/n\n');
    });

    it('sees a type that changed as modified, and what was in a directory as removed', async () => {
      const base = await commit(null, 'mkdir d; echo a >d/a; echo f >f; ln -s f l; echo x >x');
      const script = 'rm -r d f l x; echo d >d; mkdir f; echo g >f/g; echo l >l; mkfifo x';
      const changes = await changesOf(base, script);
      expect(brief(changes)).toStrictEqual([
        'modified /d',
        'removed /d/a',
        'modified /f',
        'added /f/g',
        'modified /l',
        'modified /x',
      ]);
      expect(changes[0]).toMatchObject({ entry: { type: 'file' }, old: { type: 'directory' } });
    });

    it('sees nothing of what was made and removed again', async () => {
      const base = await commit(null, 'mkdir d; echo a >d/a');
      const script = 'mkdir t; echo >t/t; rm -r t; echo >d/t; rm d/t; rm d/a; echo a >d/a';
      expect(await changesOf(base, script)).toStrictEqual([]);
    });

    it('brings back a removed file two layers up', async () => {
      const base = await commit(null, 'echo a >a');
      const without = await commit(base, 'rm a');
      expect(await snapshotter.lookup(without, '/a')).toBeNull();
      const back = await commit(without, 'echo a >a');
      expect(brief(await snapshotter.recordedChanges(back))).toStrictEqual(['added /a']);
      expect(await snapshotter.compare(base, back)).toStrictEqual([]);
    });

    it('records what it gave', async () => {
      const base = await commit(null, 'echo a >a');
      const { key } = await prepare(base, 'rm a; mkdir b; ln -s "$(printf "x\\n=y")" c');
      const changes = await snapshotter.changes(key);
      const name = fresh('snapshot');
      await snapshotter.commit(name, key, changes);
      expect(await snapshotter.recordedChanges(name)).toStrictEqual(changes);
    });
  });

  describe('unusual files', () => {
    it('keeps names with newlines, bytes that are no UTF-8, and names of 255 bytes', async () => {
      const long = 'n'.repeat(255);
      const script = `
        : >"$(printf 'new\\nline')"; : >"$(printf 'inv\\377alid')"; : >'back\\slash = and space '
        : >"$(printf '\\360\\237\\230\\200')"; : >"$(printf '\\356\\200\\200')"; : >${long}; : >-n`;
      const name = await commit(null, script);
      // By bytes: U+E000 (EE 80 80) sorts before U+1F600 (F0 9F 98 80), unlike in UTF-16.
      const expected = ['-n', 'back\\slash = and space ', 'inv\udcffalid', 'new\nline', long].map(
        (each) => `/${each}`,
      );
      expected.push('/\ue000', '/\u{1f600}');
      const recorded = await snapshotter.recordedChanges(name);
      expect(recorded.map(({ path }) => path)).toStrictEqual(expected);
      const child = await commit(name, 'rm -- *; mkdir "$(printf "inv\\377alid")"');
      expect((await snapshotter.recordedChanges(child)).map(({ kind }) => kind)).toStrictEqual(
        expected.map((path) => (path.startsWith('/inv') ? 'modified' : 'removed')),
      );
      expect(await contents(name, '/inv\udcffalid')).toBe('');
    });

    it('keeps a path longer than PATH_MAX', async () => {
      // A shell's cd goes by the whole path and cannot; chdir(2) by relative names can.
      const program = `
        for (let depth = 0; depth < 30; depth += 1) {
          fs.mkdirSync("x".repeat(200));
          process.chdir("x".repeat(200));
        }
        fs.writeFileSync("end", "");`;
      const name = await commit(null, `"$NODE" -e '${program}'`);
      const recorded = await snapshotter.recordedChanges(name);
      expect(recorded.at(-1)?.path.length).toBe(30 * 201 + '/end'.length);
    });

    it('reads files of mode 000 and directories nobody may enter', async () => {
      const name = await commit(
        null,
        'echo secret >f; mkdir d; echo deep >d/g; chmod 000 f d/g d; mkdir r; echo r >r/r; chmod 500 r',
      );
      expect(brief(await snapshotter.recordedChanges(name))).toStrictEqual([
        'added /d',
        'added /d/g',
        'added /f',
        'added /r',
        'added /r/r',
      ]);
      expect(await snapshotter.lookup(name, '/f')).toStrictEqual(file('secret\n', 0));
      expect(await contents(name, '/f')).toBe('secret\n');
      expect(await contents(name, '/d/g')).toBe('deep\n');
      expect(await contents(name, '/d/g', 2)).toBe('ep\n');
      expect(await contents(name, '/d/g', 5)).toBe('');
      expect(brief(await changesOf(name, 'echo x >d/x; rm -r r'))).toStrictEqual([
        'added /d/x',
        'removed /r',
        'removed /r/r',
      ]);
      await snapshotter.remove(name);
    });

    it('keeps pipes, sockets, sparse files, hard links and symbolic links', async () => {
      const script = `
        mkfifo pipe; truncate -s 100M sparse; echo h >hard1; ln hard1 hard2; ln -s /nowhere link
        "$NODE" -e 'require("net").createServer().listen("socket", () => process.kill(process.pid, "SIGKILL"))' || true`;
      const name = await commit(null, script);
      const types = (await snapshotter.recordedChanges(name)).map(({ path, ...change }) => [
        path,
        change.kind === 'added' ? change.entry.type : change.kind,
      ]);
      expect(types).toStrictEqual([
        ['/hard1', 'file'],
        ['/hard2', 'file'],
        ['/link', 'symlink'],
        ['/pipe', 'fifo'],
        ['/socket', 'socket'],
        ['/sparse', 'file'],
      ]);
      expect((await snapshotter.usage(name)).bytes).toBeLessThan(1_000_000);
      expect(await look(name, 'stat -c "%n %h %F" hard1 hard2 pipe socket')).toBe(
        'hard1 2 regular file\nhard2 2 regular file\npipe 1 fifo\nsocket 1 socket\n',
      );
    });
  });

  describe('paths in a snapshot', () => {
    it('never lead outside', async () => {
      const name = await commit(
        null,
        `mkdir -p etc a/b; echo inside >etc/passwd; ln -s /etc/passwd abs
         ln -s ../../../../../../etc/passwd a/b/up; ln -s /a/b dir; ln -s loop loop; ln -s /../.. top`,
      );
      for (const path of ['abs', '/a/b/up', 'dir/up', '/../../etc/passwd', 'top/etc//./passwd']) {
        expect(await contents(name, path)).toBe('inside\n');
      }
      await expect(snapshotter.readFile(name, 'loop')).rejects.toMatchObject({ code: 'not-found' });
      expect(await snapshotter.lookup(name, '/dir/up')).toMatchObject({ type: 'symlink' });
      const followed = await snapshotter.lookup(name, '/dir/up', 'follow');
      expect(followed).toStrictEqual(file('inside\n'));
      expect((await snapshotter.listDirectory(name, 'dir')).map(({ path }) => path)).toStrictEqual([
        '/a/b/up',
      ]);
    });

    it('list the merged tree', async () => {
      const base = await commit(
        null,
        'mkdir -p d/e d-f; echo 1 >d/a; echo 2 >d/b; echo 3 >d/e/x; echo >d0',
      );
      const top = await commit(base, 'rm d/a; echo 22 >d/b; mkdir d/n; echo y >d/e/y');
      const list = async (path: string): Promise<string[]> =>
        (await snapshotter.listDirectory(top, path)).map((one) => `${one.path} ${one.entry.size}`);
      expect(await list('/')).toStrictEqual(['/d 0', '/d-f 0', '/d0 1']);
      expect(await list('/d')).toStrictEqual(['/d/b 3', '/d/e 0', '/d/n 0']);
      expect(await list('/d/e')).toStrictEqual(['/d/e/x 2', '/d/e/y 2']);
      expect(await contents(top, '/d/e/x')).toBe('3\n');
    });
  });

  describe('comparing', () => {
    it('goes between any two snapshots, both ways', async () => {
      const base = await commit(null, 'echo a >a; echo b >b; echo c >c');
      const left = await commit(await commit(base, 'echo l >a'), 'rm b; echo l >l');
      const right = await commit(base, 'echo r >a; rm c');
      expect(brief(await snapshotter.compare(left, right))).toStrictEqual([
        'modified /a',
        'added /b',
        'removed /c',
        'removed /l',
      ]);
      expect(brief(await snapshotter.compare(right, left))).toStrictEqual([
        'modified /a',
        'removed /b',
        'added /c',
        'added /l',
      ]);
      const stranger = await commit(null, 'echo a >a; echo s >s');
      expect(brief(await snapshotter.compare(base, stranger))).toStrictEqual([
        'removed /b',
        'removed /c',
        'added /s',
      ]);
      expect(await snapshotter.compare(base, base)).toStrictEqual([]);
    });
  });

  describe('many layers', () => {
    it('stands hundreds of them', async () => {
      // To copies, depth is nothing special.
      const depth = snapshotter.backend === 'overlay' ? 300 : 30;
      let parent: string | null = null;
      for (let number = 0; number < depth; number += 1) {
        const { key, mount } = await snapshotter.prepare(`deep-key-${number}`, parent);
        // Mounting each would take the test a minute.
        const tree = mount.kind === 'bind' ? mount.source : mount.upper?.directory;
        writeFileSync(join(tree ?? '', `f${number}`), `${number}\n`);
        const name = `deep-${number}`;
        await snapshotter.commit(name, key, await snapshotter.changes(key));
        parent = name;
      }
      const top = await commit(
        parent,
        `test "$(cat f0 f${depth - 1})" = "$(printf '0\n${depth - 1}')"; rm f7; n=$(ls | wc -l); echo $n >n`,
      );
      expect(await contents(top, '/n')).toBe(`${depth - 1}\n`);
      expect(await contents(top, '/f0')).toBe('0\n');
      expect(await snapshotter.lookup(top, '/f7')).toBeNull();
      expect((await snapshotter.listDirectory(top, '/')).length).toBe(depth);
    });
  });

  describe('two at once', () => {
    it('give one key to one of them', async () => {
      const other = open(root);
      const attempts = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 ? other : snapshotter).prepare('contended', null),
        ),
      );
      expect(attempts.filter(({ status }) => status === 'fulfilled').length).toBe(1);
      await snapshotter.remove('contended');
      expect(
        readdirSync(join(root, 'active')).filter((name) => name.startsWith('.')),
      ).toStrictEqual([]);
    });

    it('never leave a child without its parent', async () => {
      const other = open(root);
      for (let round = 0; round < 20; round += 1) {
        const parent = await commit(null, ':');
        const key = `racing-${round}`;
        const [removal, child] = await Promise.allSettled([
          snapshotter.remove(parent),
          other.prepare(key, parent),
        ]);
        if (child.status === 'fulfilled') {
          expect(removal.status).toBe('rejected');
          expect(await snapshotter.stat(parent)).toMatchObject({ kind: 'committed' });
        }
      }
      await other.close();
    });

    it('see what the other commits and removes', async () => {
      const other = open(root);
      const name = await commit(null, 'echo one >f');
      expect(brief(await other.recordedChanges(name))).toStrictEqual(['added /f']);
      await snapshotter.remove(name);
      await expect(other.recordedChanges(name)).rejects.toMatchObject({ code: 'not-found' });
      const { key } = await other.prepare(fresh('key'), null);
      await other.commit(name, key, []);
      expect(await snapshotter.recordedChanges(name)).toStrictEqual([]);
    });
  });

  describe('room', () => {
    it('counts a snapshot without its parent', async () => {
      const big = await commit(null, 'head -c 4000000 /dev/urandom >big');
      const small = await commit(big, 'echo >small');
      const [bigUsage, smallUsage] = [await snapshotter.usage(big), await snapshotter.usage(small)];
      expect(bigUsage.bytes).toBeGreaterThanOrEqual(4_000_000);
      if (snapshotter.backend === 'overlay') {
        expect(smallUsage.bytes).toBeLessThan(100_000);
        // snapshot, its record, its changes, its layer, and the file.
        expect(smallUsage.inodes).toBe(5);
      } else {
        // A whole tree is its own, and its removal frees all of it; that of its parent is not counted again.
        expect(smallUsage.bytes).toBeLessThan(bigUsage.bytes + 100_000);
      }
    });
  });

  describe('immutability', () => {
    it('keeps a parent as it was, whatever children do', async () => {
      const parent = await commit(null, 'mkdir d; echo a >d/a; echo b >b; ln b c; chmod 600 b');
      const before = await look(
        parent,
        'find . -type f -exec sha256sum {} +; stat -c "%n %a %y %h" * d/*',
      );
      await commit(parent, 'echo x >>d/a; chmod 777 b d; rm c; mv d e; echo >e/new');
      expect(
        await look(parent, 'find . -type f -exec sha256sum {} +; stat -c "%n %a %y %h" * d/*'),
      ).toBe(before);
      expect(statSync((await snapshotter.stat(parent)).directory).isDirectory()).toBe(true);
    });
  });
}

function file(contents: string, mode = 0o644): object {
  const content = createHash('sha256').update(contents).digest('hex');
  return { type: 'file', size: contents.length, mode, content };
}

function brief(changes: readonly Change[]): string[] {
  return changes.map(({ kind, path }) => `${kind} ${path}`);
}
