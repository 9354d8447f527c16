// Files handed over in pieces: kept under their names, and gone when they are dropped.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, assert, beforeEach, describe, it } from 'vitest';
import { HandedFiles } from '../../../src-main/engine/handed-files.ts';
import { StrataError } from '../../../src-main/protocol/errors.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'strata-handed-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a file that is handed over', () => {
  it('is whole when its last piece was taken, and keeps its name', async () => {
    const files = new HandedFiles(root);
    const path = await files.begin('ld.4711');
    await files.write(path, Buffer.from('find '));
    await files.write(path, Buffer.from('library'));
    assert.strictEqual(basename(path), 'ld.4711');
    assert.strictEqual(readFileSync(path, 'latin1'), 'find library');
  });

  it('is there before its first piece, as an empty one has none', async () => {
    const path = await new HandedFiles(root).begin('empty');
    assert.strictEqual(readFileSync(path, 'latin1'), '');
  });

  it('stays below the cache, whatever it is called', async () => {
    const files = new HandedFiles(root);
    const names = ['../../etc/passwd', '..', '', 'a\0b', `${'長'.repeat(300)}.4711`];
    const paths = await Promise.all(names.map(async (name) => files.begin(name)));
    assert.deepStrictEqual(
      paths.map((path) => basename(path)),
      ['passwd', 'file', 'file', 'ab', `${'長'.repeat(75)}.4711`],
    );
    assert.isTrue(paths.every((path) => path.startsWith(`${root}/`) && existsSync(path)));
  });

  it('is gone with its directory when it is dropped, and takes nothing more', async () => {
    const files = new HandedFiles(root);
    const path = await files.begin('trace');
    await files.drop(path);
    await files.drop('/etc/passwd');
    assert.deepStrictEqual(readdirSync(root), []);
    const refused = await files.write(path, Buffer.from('more')).catch((error: unknown) => error);
    assert.instanceOf(refused, StrataError);
  });

  it('holds no descriptor: traces of thousands of processes are dropped at once', async () => {
    const files = new HandedFiles(root);
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    const names = Array.from({ length: 200 }, (_, at) => `strace.${at}`);
    await Promise.all(names.map(async (name) => files.begin(name)));
    assert.isBelow(open() - before, 20);
    await files.dropAll();
    assert.deepStrictEqual(readdirSync(root), []);
  });
});
