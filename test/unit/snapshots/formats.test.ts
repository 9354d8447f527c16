/** The texts of tools and of the store's own small files. */
import { describe, expect, it } from 'vitest';
import { encodePath } from '../../../src-main/host/byte-path.ts';
import { draftMaker, draftName } from '../../../src-main/host/draft.ts';
import { entryType } from '../../../src-main/snapshots/listed-entry.ts';
import { parseListing } from '../../../src-main/snapshots/listing.ts';
import { quoteForBash, quoteForShell } from '../../../src-main/host/shell-word.ts';
import { mountScript } from '../../../src-main/snapshots/mount-command.ts';
import { parseAttributes } from '../../../src-main/snapshots/opaque-directories.ts';
import { parseOwner } from '../../../src-main/snapshots/owner.ts';
import { comparePaths, sortByPath } from '../../../src-main/snapshots/path-order.ts';
import type { Located } from '../../../src-main/snapshots/recorded-tree.ts';
import { resolvePath } from '../../../src-main/snapshots/snapshot-file.ts';
import { namesDirectory } from '../../../src-main/snapshots/stray-processes.ts';
import { entry } from './trees.ts';

describe('parseListing', () => {
  it('reads what find prints, whatever the names hold', () => {
    const text = [
      'f 644 5 8 12 1 1700000000.1234567890\0/a\nb\0\0',
      'l 777 3 0 18446744073709551615 1 1.0\0/in\xffvalid\0x\ny\0',
      'c 0 0 0 14 2 1.0\0/gone\0\0',
    ].join('');
    const entries = parseListing(Buffer.from(text, 'latin1'));
    expect(entries).toStrictEqual([
      {
        path: '/a\nb',
        type: 'file',
        size: 5,
        mode: 0o644,
        allocated: 4096,
        inode: '12',
        links: 1,
        changed: '1700000000.1234567890',
        target: '',
      },
      {
        path: '/in\udcffvalid',
        type: 'symlink',
        size: 3,
        mode: 0o777,
        allocated: 0,
        inode: '18446744073709551615',
        links: 1,
        changed: '1.0',
        target: 'x\ny',
      },
      {
        path: '/gone',
        type: 'character-device',
        size: 0,
        mode: 0,
        allocated: 0,
        inode: '14',
        links: 2,
        changed: '1.0',
        target: '',
      },
    ]);
    expect(entries.map(({ type }) => entryType(type))).toStrictEqual(['file', 'symlink', 'device']);
  });

  it('refuses another text', () => {
    expect(() => parseListing(Buffer.from('nonsense\0\0\0'))).toThrow(
      expect.objectContaining({ code: 'format' }),
    );
  });
});

describe('parseAttributes', () => {
  it('undoes the quoting of names', () => {
    const text =
      '# file: ./d\\0121\nuser.overlay.opaque="y"\n\n# file: ./e=\\134x\nuser.overlay.opaque="y"\n\n' +
      '# file: ./inv\xff\nuser.overlay.opaque="y"\n\n# file: ./other\nuser.overlay.opaque="x"\n\n';
    expect(parseAttributes(Buffer.from(text, 'latin1'))).toStrictEqual(
      new Set(['/d\n1', '/e=\\x', '/inv\udcff']),
    );
  });
});

describe('mountScript', () => {
  it('names layers as shortly as can be, and brings the lowest one', () => {
    const mount = {
      kind: 'overlay' as const,
      lower: ['/c/active/k/scaffold/lower/0', '/c/active/k/scaffold/lower/1'],
      upper: { directory: '/c/active/k/layer', work: '/c/active/k/scaffold/work' },
    };
    expect(mountScript(mount, '/t', ['/c/base'])).toStrictEqual({
      cwd: '/c/active/k/scaffold/lower',
      script: [
        'export LIBMOUNT_FORCE_MOUNT2=always',
        'mount -t overlay -o userxattr,lowerdir=0:1:../../../../base,upperdir=../../layer,workdir=../work overlay /t',
      ].join('\n'),
    });
  });

  it('binds where there is nothing to lay over', () => {
    const upper = { directory: '/k/layer', work: '/k/work' };
    expect(mountScript({ kind: 'overlay', lower: [], upper }, '/a b').script).toBe(
      "mount --bind /k/layer '/a b'",
    );
    expect(mountScript({ kind: 'bind', source: '/s', readOnly: true }, '/t').script).toBe(
      'mount --bind /s /t\nmount -o remount,bind,ro /t',
    );
  });

  it('says when there are too many layers', () => {
    const lower = (count: number): string[] => Array.from({ length: count }, (_, at) => `/l/${at}`);
    const upper = { directory: '/u', work: '/w' };
    expect(mountScript({ kind: 'overlay', lower: lower(500), upper }, '/t').cwd).toBe('/l');
    expect(() => mountScript({ kind: 'overlay', lower: lower(501), upper }, '/t')).toThrow(
      expect.objectContaining({ code: 'environment' }),
    );
    const long = lower(100).map((path) => `${path}/${'x'.repeat(50)}`);
    expect(() => mountScript({ kind: 'overlay', lower: long, upper }, '/t')).toThrow(
      '100 layers are more than one overlay mount can have',
    );
  });

  it('quotes for the shell', () => {
    expect(quoteForShell("it's")).toBe(`'it'\\''s'`);
    expect(quoteForShell('')).toBe("''");
    expect(quoteForBash('two words')).toBe("'two words'");
    expect(quoteForBash("it's\na\\b")).toBe("$'it\\'s\\na\\\\b'");
  });
});

describe('path order', () => {
  it('is that of the bytes', () => {
    const names = [
      '/a',
      '/a/b',
      '/a-b',
      '/é',
      '/\udcff',
      '/\udc80',
      '/\ue000',
      '/\u{1f600}',
      '/\u0100',
    ];
    const byBytes = names.toSorted((a, b) => Buffer.compare(encodePath(a), encodePath(b)));
    expect(names.toSorted(comparePaths)).toStrictEqual(byBytes);
    expect(sortByPath(names.map((path) => ({ path }))).map(({ path }) => path)).toStrictEqual(
      byBytes,
    );
  });
});

describe('resolvePath', () => {
  const entries = new Map([
    ['/d', entry('directory', 0o755, '')],
    ['/d/f', entry('file', 0o644, 'x')],
    ['/d/up', entry('symlink', 0o777, '../../d/f')],
    ['/abs', entry('symlink', 0o777, '/d')],
    ['/loop', entry('symlink', 0o777, 'loop/x')],
  ]);
  const tree = {
    locate: (path: string): Located | undefined => {
      const found = entries.get(path);
      return found && { entry: found, layer: 0 };
    },
  };
  const resolve = (path: string, last: 'follow' | 'keep' = 'follow'): string => {
    const resolved = resolvePath(tree, path, last);
    return resolved.kind === 'root' ? '/' : resolved.path;
  };

  it('stays inside and follows links as the kernel does', () => {
    expect(
      ['/', '..', 'd/..', '/d//./f', 'abs/f', 'abs/up', '/../d/up'].map((p) => resolve(p)),
    ).toStrictEqual(['/', '/', '/', '/d/f', '/d/f', '/d/f', '/d/f']);
    expect(resolve('abs', 'keep')).toBe('/abs');
    expect(resolve('abs/', 'keep')).toBe('/d');
    expect(resolve('abs/up', 'keep')).toBe('/d/up');
  });

  it('finds nothing behind files, loops and gaps', () => {
    for (const path of ['d/f/x', 'd/f/..', 'loop', 'none', 'd/\0']) {
      expect(() => resolve(path)).toThrow(expect.objectContaining({ code: 'not-found' }));
    }
  });
});

describe('who is who', () => {
  it('reads an owner, and nothing else as one', () => {
    const owner = { pid: 1, started: '2', boot: null, host: 'h' };
    expect(parseOwner(JSON.stringify({ kind: 'view', ...owner }))).toStrictEqual(owner);
    for (const text of ['', '{}', 'null', '{"pid":"1"}']) expect(parseOwner(text)).toBeUndefined();
  });

  it('finds a directory in a command line, and not its namesakes', () => {
    expect(namesDirectory('sh\0-c\0cd /c/active/a-1/layer\0', '/c/active/a-1')).toBe(true);
    expect(namesDirectory('sh\0/c/active/a-1', '/c/active/a-1')).toBe(true);
    expect(namesDirectory('sh\0/c/active/a-12\0/c/active/a-1-b', '/c/active/a-1')).toBe(false);
    expect(namesDirectory('', '/c/active/a-1')).toBe(false);
  });

  it('reads from the name of a draft whose it is', () => {
    const name = draftName();
    expect(draftMaker(`a-1${name}`)).toMatchObject({ state: 'alive' });
    expect(draftMaker(name.replace(`-${process.pid}-`, '-4194304-'))).toMatchObject({
      state: 'gone',
    });
    expect(draftMaker('a-1.new-elsewhere-42-77-1700000000000-3')).toStrictEqual({
      state: 'elsewhere',
      since: 1_700_000_000_000,
    });
    expect(draftMaker('a-1')).toBeUndefined();
  });
});
