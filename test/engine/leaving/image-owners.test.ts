/** What images bring of owners, rights and attributes: files are whose who imports them, and lend nobody any rights. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, createReadStream, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileEntry, type PackedEntry, type TarEntry } from '../../../src-main/oci/tar-entry.ts';
import { readTar } from '../../../src-main/oci/tar-reader.ts';
import { CommandLine, refusal, type Answer } from '../cli/command-line.ts';
import { titled } from '../snapshots/mounted.ts';
import { blobFile, manifestOf, replaceLayer } from './image-files.ts';

const isRoot = process.getuid?.() === 0;
/** After `setup`: inputs, base, setup, patchPhase, configurePhase, buildPhase. */
const BUILD_LAYER = 5;

const OWN = `
  buildPhase = ''
    mkdir tree; echo one > tree/one; ln tree/one tree/two; echo q > tree/program; chmod 755 tree/program
    mkdir tree/closed; echo q > tree/closed/inside; chmod 000 tree/closed
    chmod 4755 tree/program 2>/dev/null || echo no set-uid bit
  '';
`;

describe.skipIf(refusal !== null)(titled('images of others', refusal), () => {
  const cli = new CommandLine();
  const image = join(cli.directory, 'image');

  beforeAll(() => {
    cli.run('run', cli.write('own', OWN), '-q', '--until', 'buildPhase');
    cli.run('export', 'oci', 'last:buildPhase', image);
  });
  afterAll(() => cli.remove());

  /** Imports into a cache of its own, and gives where that is. */
  function imported(source: string, name: string): Answer & { readonly cache: string } {
    const cache = join(cli.directory, name);
    const before = cli.env['XDG_CACHE_HOME'];
    cli.env['XDG_CACHE_HOME'] = cache;
    try {
      return { ...cli.run('import', 'oci', source), cache };
    } finally {
      cli.env['XDG_CACHE_HOME'] = before;
    }
  }

  /** A copy of the image in whose build layer each entry is changed, and to which some are added. */
  async function changed(
    name: string,
    change: (entry: TarEntry) => TarEntry,
    added: readonly PackedEntry[] = [],
  ): Promise<string> {
    const copy = join(cli.directory, name);
    cpSync(image, copy, { recursive: true });
    const blob = blobFile(copy, manifestOf(copy).layers[BUILD_LAYER]?.digest ?? '');
    const entries: PackedEntry[] = [];
    for await (const { entry, contents } of readTar(createReadStream(blob).pipe(createGunzip()))) {
      const pieces: Uint8Array[] = [];
      for await (const piece of contents) pieces.push(piece);
      const { open } = fileEntry(entry.path, Buffer.concat(pieces), entry.mode, entry.owner);
      entries.push({ entry: change(entry), open: entry.type === 'file' ? open : null });
    }
    await replaceLayer(copy, BUILD_LAYER, [...entries, ...added]);
    return copy;
  }

  /** The layer's own directory in a cache. */
  function treeIn(cache: string): string {
    const found = spawnSync('find', [cache, '-path', '*build/tree', '-type', 'd'], {
      encoding: 'utf8',
    }).stdout;
    return found.split('\n')[0] ?? '';
  }

  it('come back with files that nobody may read, and hard links', () => {
    const { status, cache } = imported(image, 'round');
    const tree = treeIn(cache);
    expect(status).toBe(0);
    expect(lstatSync(join(tree, 'one')).ino).toBe(lstatSync(join(tree, 'two')).ino);
    expect((lstatSync(join(tree, 'closed')).mode & 0o7777).toString(8)).toBe('0');
    expect((lstatSync(join(tree, 'program')).mode & 0o7777).toString(8)).toBe('755');
  });

  it('give their files to who imports them, and attributes that users give alone', async (context) => {
    const set = spawnSync('setfattr', ['-n', 'user.test', '-v', 'x', cli.directory]);
    if (set.status !== 0) context.skip('no extended attributes here');
    const attributes = new Map([
      ['user.comment', Buffer.from('hi')],
      ['user.overlay.opaque', Buffer.from('y')],
      // Of cap_net_raw, as setcap writes it.
      ['security.capability', Buffer.from('0100000200200000000000000000000000000000', 'hex')],
    ]);
    const source = await changed('strange', (entry) => ({
      ...entry,
      owner: { user: 4321, group: 8765 },
      attributes: entry.path.endsWith('/program') ? attributes : entry.attributes,
    }));
    const { status, stderr, cache } = imported(source, 'strange-cache');
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const tree = treeIn(cache);
    const owners = readdirSync(tree).map((name) => lstatSync(join(tree, name)).uid);
    expect(new Set(owners)).toEqual(new Set([process.getuid?.()]));
    const found = spawnSync('getfattr', ['-d', '-m', '-', join(tree, 'program')]);
    const names = found.stdout.toString().match(/^[a-z.]+(?==)/gm);
    expect(names).toEqual(['user.comment']);
  });

  const owner = { user: 0, group: 0 };
  const device: PackedEntry = {
    entry: { ...fileEntry('build/tree/null', '', 0o666, owner).entry, type: 'character-device' },
    open: null,
  };
  it.each([
    ['a device', [device], 'unpacking build/tree/null: it is a device, and no build can make one'],
    [
      'a set-uid program',
      [fileEntry('build/tree/su', 'x', 0o4755, owner)],
      'unpacking build/tree/su: it is a set-uid or set-gid program',
    ],
    [
      'a set-gid program',
      [fileEntry('build/tree/sg', 'x', 0o2755, owner)],
      'unpacking build/tree/sg: it is a set-uid or set-gid program',
    ],
  ])('are refused with %s', async (what, added, reason) => {
    const name = what.replaceAll(' ', '-');
    const source = await changed(name, (entry) => entry, added);
    const { status, stderr, cache } = imported(source, `${name}-cache`);
    expect(status).toBe(2);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('get the one that Strata exported');
    expect(treeIn(cache)).toBe('');
  });

  it.skipIf(isRoot)(
    titled('are named where they may not be read', isRoot ? 'root may read everything' : null),
    () => {
      const copy = join(cli.directory, 'shut');
      cpSync(image, copy, { recursive: true });
      for (const part of ['index.json', 'blobs', '.']) {
        chmodSync(join(copy, part), 0);
        const { status, stderr } = imported(copy, 'shut-cache');
        chmodSync(join(copy, part), 0o755);
        expect(status).toBe(2);
        expect(stderr).toMatch(
          new RegExp(
            `importing ${copy}: you may not read ${copy}.*\nlet its owner allow it: chmod`,
          ),
        );
      }
    },
  );
});
