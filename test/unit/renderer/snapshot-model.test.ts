/** The snapshot browser's pure parts: filter, tree, rows, and what became of a shell's state. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Changes, Run, Snapshot } from '../../../src-main/protocol/methods.ts';
import { localError, RequestError } from '../../../src-main/protocol/wire-error.ts';
import { printable } from '../../../src-renderer/look/printable.ts';
import { countChanges, sumOf } from '../../../src-renderer/snapshots/change-counts.ts';
import {
  EVERYTHING,
  nameTest,
  selectChanges,
} from '../../../src-renderer/snapshots/change-filter.ts';
import { buildTree, type TreeNode } from '../../../src-renderer/snapshots/change-tree.ts';
import { hasFile } from '../../../src-renderer/snapshots/chosen-file.ts';
import { contentKind, hexRows, languageOf } from '../../../src-renderer/snapshots/file-content.ts';
import { diffSequences } from '../../../src-main/protocol/sequence-diff.ts';
import { splitValue, valueSteps } from '../../../src-main/protocol/value-diff.ts';
import { diffStates } from '../../../src-renderer/snapshots/state-diff.ts';
import { stateOptions } from '../../../src-renderer/snapshots/state-names.ts';
import { shortStoreNames } from '../../../src-main/protocol/store-name.ts';
import { openAtFirst, pathsTo, treeRows } from '../../../src-renderer/snapshots/tree-rows.ts';

type Row = readonly [
  path: string,
  kind: 'A' | 'M' | 'R',
  type: string,
  size: number,
  oldSize: number,
];

function columns(rows: readonly Row[]): Changes {
  return {
    from: null,
    to: 'x',
    paths: rows.map(([path]) => path),
    kinds: rows.map(([, kind]) => kind).join(''),
    types: rows.map(([, , type]) => type).join(''),
    sizes: rows.map(([, , , size]) => size),
    oldSizes: rows.map(([, , , , old]) => old),
    modes: rows.map(() => 0o644),
    oldModes: rows.map(() => 0o644),
    links: [],
  };
}

/** By bytes, as the engine has them: `/a-b` and `/a.c` come between `/a` and `/a/b`. */
const exampleRows: readonly Row[] = [
  ['/build/a', 'M', 'd', 0, 0],
  ['/build/a-b', 'A', 'f', 10, -1],
  ['/build/a.c', 'M', 'f', 30, 50],
  ['/build/a/b', 'R', 'f', -1, 7],
  ['/nix/store/x/bin', 'A', 'd', 0, -1],
  ['/nix/store/x/bin/hello', 'A', 'f', 1000, -1],
];
const example = columns(exampleRows);

function outline(changes: Changes, order: 'name' | 'size' = 'name'): readonly string[] {
  return treeRows(buildTree(changes), order, () => true).map(
    ({ node, names, level, place, siblings }) =>
      `${' '.repeat(level)}${names.join('/')} ${node.kind ?? '-'} +${node.added} ~${node.modified} -${node.removed} ${node.growth} (${place}/${siblings})`,
  );
}

describe('buildTree', () => {
  it('gathers each directory once and adds up what is below it', () => {
    expect(outline(example)).toStrictEqual([
      ' build - +1 ~1 -1 -17 (1/2)',
      '  a M +0 ~0 -1 -7 (1/3)',
      '   b R +0 ~0 -1 -7 (1/1)',
      '  a-b A +1 ~0 -0 10 (2/3)',
      '  a.c M +0 ~1 -0 -20 (3/3)',
      ' nix/store/x - +1 ~0 -0 1000 (2/2)',
      '  bin A +1 ~0 -0 1000 (1/1)',
      '   hello A +1 ~0 -0 1000 (1/1)',
    ]);
  });

  it('puts the largest first', () => {
    expect(outline(example, 'size').slice(0, 2)).toStrictEqual([
      ' nix/store/x - +1 ~0 -0 1000 (1/2)',
      '  bin A +1 ~0 -0 1000 (1/1)',
    ]);
  });

  it('takes a directory that became a file, and names of any kind', () => {
    const tree = outline(
      columns([
        ['/was', 'M', 'f', 3, -1],
        ['/was/inner', 'R', 'f', -1, 4],
        ['/a\nb\u202e\udc80', 'A', 'f', 1, -1],
        ['no slash', 'A', 'f', 1, -1],
        ['//double', 'A', 'f', 1, -1],
      ]),
    );
    expect(tree).toHaveLength(6);
    expect(buildTree(columns([])).children).toStrictEqual([]);
  });

  const names = fc.constantFrom('a', 'b', 'a-b', 'a.c', '\udc80', '\u202e', '\n', '…');
  const paths = fc
    .array(names, { minLength: 1, maxLength: 5 })
    .map((parts) => `/${parts.join('/')}`);
  const kinds = fc.constantFrom('A' as const, 'M' as const, 'R' as const);

  it('has every change in its place and loses none', () => {
    const rows = fc.uniqueArray(
      fc.tuple(paths, kinds, fc.constant('f'), fc.nat(100), fc.nat(100)),
      {
        selector: ([path]) => path,
      },
    );
    fc.assert(
      fc.property(rows, (some) => {
        // What has something below it is a directory.
        const isAbove = (path: string) => some.some(([other]) => other.startsWith(`${path}/`));
        const list = some
          .map(([path, kind, , ...sizes]): Row => [path, kind, isAbove(path) ? 'd' : 'f', ...sizes])
          .sort(([one], [other]) => (one < other ? -1 : 1));
        const changes = columns(list);
        const seen: string[] = [];
        const visit = (node: TreeNode): void => {
          for (const child of node.children) {
            expect(child.path).toBe(`${node.path === '/' ? '' : node.path}/${child.name}`);
            if (child.index >= 0) seen.push(child.path);
            visit(child);
          }
        };
        const root = buildTree(changes);
        visit(root);
        expect(seen.sort()).toStrictEqual(list.map(([path]) => path).sort());
        const leaves = list.filter(([path]) => !isAbove(path)).length;
        expect(root.added + root.modified + root.removed).toBe(leaves);
        expect(sumOf(countChanges(changes))).toBe(leaves);
        expect(new Set(treeRows(root, 'size', () => true).map(({ node }) => node.path)).size).toBe(
          treeRows(root, 'name', () => true).length,
        );
      }),
    );
  });

  it('is there in a blink with 100,000 changes', () => {
    const rows: Row[] = [];
    for (let at = 0; at < 100_000; at += 1) {
      const path = `/nix/store/aaaa-big/d${Math.floor(at / 1000)}/e${Math.floor(at / 50) % 20}/file-${at}.c`;
      rows.push([path, 'A', 'f', at, -1]);
    }
    const changes = columns(rows);
    buildTree(changes);
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      treeRows(buildTree(changes), 'name', () => false);
      return performance.now() - start;
    });
    // The best of a few: other tests run beside this one.
    expect(Math.min(...times)).toBeLessThan(150);
  });
});

describe('counting', () => {
  const count = (rows: readonly Row[], name = '') => {
    const changes = columns(rows);
    return countChanges(changes, selectChanges(changes, { ...EVERYTHING, name }));
  };

  it('is of files, and of directories that hold nothing else that changed', () => {
    expect(count([...exampleRows, ['/build/empty', 'A', 'd', 0, -1]])).toStrictEqual({
      added: 3,
      modified: 1,
      removed: 1,
    });
  });

  it('does not count a directory because the filter leaves nothing below it', () => {
    const rows: readonly Row[] = [
      ['/hello-1.0', 'A', 'd', 0, -1],
      ['/hello-1.0/bin', 'A', 'd', 0, -1],
      ['/hello-1.0/bin/hello', 'A', 'f', 1, -1],
      ['/hello-1.0/bin/other', 'A', 'f', 1, -1],
    ];
    expect(sumOf(count(rows, 'hello*'))).toBe(1);
    const changes = columns(rows);
    const tree = buildTree(changes, selectChanges(changes, { ...EVERYTHING, name: 'hello*' }));
    expect(tree.added).toBe(1);
  });

  it('knows what is above a change that is not its neighbour', () => {
    expect(
      count([
        ['/a', 'M', 'd', 0, 0],
        ['/a-b', 'A', 'f', 1, -1],
        ['/a/b/c', 'A', 'l', 1, -1],
      ]),
    ).toStrictEqual({ added: 2, modified: 0, removed: 0 });
  });
});

describe('a chosen file', () => {
  const refused = (code: string) => () => Promise.reject(localError(code, 'looking for /x', ''));
  const has = (read: () => Promise<void>) => hasFile('s', '/x', new AbortController().signal, read);

  it('is there, or is not, or cannot be told', async () => {
    expect(await has(() => Promise.resolve())).toBe(true);
    expect(await has(refused('not-found'))).toBe(false);
    // A directory: "it is a directory, no file".
    expect(await has(refused('usage'))).toBe(false);
    await expect(has(refused('disconnected'))).rejects.toThrow(RequestError);
  });
});

describe('names in the store', () => {
  const hash = 'wjc7q69wcxr5pg659pq8j7nzm517g57j';

  it.each([
    [`${hash}-primes-1.0`, 'wjc7q69…-primes-1.0'],
    [`/nix/store/${hash}-primes-1.0/bin/primes`, '/nix/store/wjc7q69…-primes-1.0/bin/primes'],
    [`/nix/store/.links/x${hash}-y`, `/nix/store/.links/x${hash}-y`],
    // No digit of Nix's base 32.
    [`e${hash.slice(1)}-primes`, `e${hash.slice(1)}-primes`],
    ['/build/hello-1.0/main.c', '/build/hello-1.0/main.c'],
  ])('%s', (path, short) => expect(shortStoreNames(path)).toBe(short));
});

describe('the first sight of a tree', () => {
  it('opens as much as fits', () => {
    const root = buildTree(example);
    expect([...openAtFirst(root, 100)]).toStrictEqual([
      '/build',
      '/nix/store/x',
      '/build/a',
      '/nix/store/x/bin',
    ]);
    expect([...openAtFirst(root, 5)]).toStrictEqual(['/build']);
    expect(pathsTo('/nix/store/x')).toStrictEqual(['/nix', '/nix/store']);
  });
});

describe('filtering', () => {
  const selected = (name: string, kinds = EVERYTHING.kinds) =>
    Array.from(selectChanges(example, { name, kinds }), (index) => example.paths[index]);

  it.each([
    ['HELLO', ['/nix/store/x/bin/hello']],
    ['*.c', ['/build/a.c']],
    ['a?[bc]', ['/build/a-b', '/build/a.c']],
    ['*.{c,h}', ['/build/a.c']],
    ['/build/*', ['/build/a', '/build/a-b', '/build/a.c']],
    ['/nix/**/hello', ['/nix/store/x/bin/hello']],
    ['x/bin/*', ['/nix/store/x/bin/hello']],
    ['[', []],
  ])('%s', (name, paths) => expect(selected(name)).toStrictEqual(paths));

  it('goes by kind', () => {
    expect(selected('', new Set(['R']))).toStrictEqual(['/build/a/b']);
  });

  it('takes any text for a pattern', () => {
    const text = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom(...'[ ] { } * ? , ! ^ - a / \\ ( )'.split(' ')))
        .map((parts) => parts.join('')),
    );
    fc.assert(fc.property(text, fc.string(), (name, path) => void nameTest(name)?.(path)));
  });
});

describe('diffSequences', () => {
  it('explains both lists', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c')),
        fc.array(fc.constantFrom('a', 'b', 'c')),
        (old, now) => {
          const steps = diffSequences(old, now);
          const side = (without: string) =>
            steps.filter(({ kind }) => kind !== without).map(({ text }) => text);
          expect([side('added'), side('removed')]).toStrictEqual([old, now]);
        },
      ),
    );
  });

  it('keeps what stays', () => {
    expect(
      diffSequences(['a', 'b', 'c'], ['a', 'x', 'c']).map(({ kind, text }) => `${kind} ${text}`),
    ).toStrictEqual(['same a', 'removed b', 'added x', 'same c']);
  });
});

describe('names of states', () => {
  const phase = { why: '', status: 'succeeded', startedAt: 0, ms: 1, exitCode: 0 } as const;
  const runOf = (id: string, createdAt: string, snapshots: readonly string[]): Run => ({
    id,
    derivation: '/nix/store/x-p.drv',
    target: '/x',
    outputs: {},
    shown: { sandbox: 'strict', binds: [], network: false },
    reuse: 'smart',
    status: 'succeeded',
    initial: null,
    endsAt: null,
    phases: snapshots.map((snapshot, at) => ({ ...phase, traced: [], name: `p${at}`, snapshot })),
    unconfirmed: false,
    confirmation: null,
    createdAt,
    ms: 1,
  });
  const snapshotOf = (id: string, run: string, createdAt: string): Snapshot => ({
    id,
    run,
    derivation: '/nix/store/x-p.drv',
    phase: 'installPhase',
    parent: null,
    status: 'succeeded',
    name: null,
    bytes: 0,
    createdAt,
    failure: null,
  });
  const day = (text: string) => new Date(`2026-11-21T${text}`).toISOString();
  const old = runOf('old', day('15:35:02'), ['a']);
  const now = runOf('now', day('15:35:40'), ['b']);
  const labels = (against: string | null, at: string) =>
    stateOptions({
      snapshots: [snapshotOf('a', 'old', day('15:35:10')), snapshotOf('b', 'now', day('15:35:50'))],
      runs: [old, now],
      run: now,
      compared: ['b', against],
      now: Date.parse(at),
    }).map(({ label }) => label);

  it('say of which run they are where two runs are compared', () => {
    expect(labels('a', day('16:00:00'))).toStrictEqual([
      '15:35:40 installPhase',
      '15:35:02 installPhase',
    ]);
    expect(labels('a', '2026-11-30T12:00:00')).toStrictEqual([
      'Nov 21, 15:35 installPhase',
      'Nov 21, 15:35 installPhase',
    ]);
  });

  it('say it only of other runs where all that is compared is of one', () => {
    expect(labels(null, day('16:00:00'))).toStrictEqual(['installPhase', '15:35:02 installPhase']);
  });
});

describe('the state of a shell', () => {
  it('is compared by name', () => {
    const old = {
      variables: [
        ['A', '1'],
        ['B', '2'],
      ],
      functions: [],
      directory: '/build',
    };
    const now = {
      variables: [
        ['B', '3'],
        ['C', '4'],
      ],
      functions: [['f', 'f () { :; }']],
      directory: '/build/x',
    };
    expect(diffStates(old as never, now as never)).toStrictEqual({
      directory: { old: '/build', now: '/build/x' },
      variables: [
        { kind: 'removed', name: 'A', old: '1' },
        { kind: 'changed', name: 'B', old: '2', now: '3' },
        { kind: 'added', name: 'C', now: '4' },
      ],
      functions: [{ kind: 'added', name: 'f', now: 'f () { :; }' }],
    });
  });

  it('splits search paths at colons, lists at spaces, the rest at lines', () => {
    expect(splitValue('PATH', '/a/bin:/b/bin').joint).toBe('colon');
    expect(splitValue('XDG_DATA_DIRS', 'share:/b').joint).toBe('colon');
    expect(splitValue('url', 'https://example.org').joint).toBe('line');
    expect(
      splitValue('NIX_LDFLAGS', `-rpath /nix/store/${'x'.repeat(32)}/lib -L/nix/store/y/lib -L/z`)
        .joint,
    ).toBe('space');
    expect(splitValue('script', 'a\nb').parts).toStrictEqual(['a', 'b']);
    const change = { kind: 'changed', name: 'PATH', old: '/a:/b', now: '/c:/a:/b' } as const;
    expect(valueSteps(change)).toStrictEqual([
      { kind: 'added', text: '/c' },
      { kind: 'same', text: '/a' },
      { kind: 'same', text: '/b' },
    ]);
  });
});

describe('what a file is', () => {
  const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

  it.each([
    ['', 'x', 'empty'],
    ['\x7fELF\x02', 'x', 'elf'],
    ['\x89PNG\r\n\x1a\n', 'x', 'image'],
    ['<svg xmlns="">', 'icon.svg', 'image'],
    ['#!/bin/sh\n', 'x', 'text'],
    ['a\0b', 'x.txt', 'binary'],
    ['gr\xfc\xdfe', 'x', 'text'],
    ['\x01\x02\x03\x04', 'x', 'binary'],
  ])('%j', (head, path, kind) => expect(contentKind(bytes(head), path).kind).toBe(kind));

  it('is shown as hexdump does', () => {
    expect(hexRows(bytes('\x7fELF then some'))).toStrictEqual([
      {
        offset: '00000000',
        hex: '7f 45 4c 46 20 74 68 65  6e 20 73 6f 6d 65      ',
        text: '·ELF then some',
      },
    ]);
    expect([languageOf('/a/x.py'), languageOf('/x.h'), languageOf('/COPYING')]).toStrictEqual([
      'python',
      'cpp',
      'plaintext',
    ]);
  });
});

describe('printable', () => {
  it('writes out what cannot be seen', () => {
    expect(printable('a\nb\u202ec\udc80\udcffd\u200be😀\ud800')).toBe(
      'a\\x0ab\\u202ec\\x80\\xffd\\u200be😀\\ud800',
    );
  });
});
