import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src-main/snapshots/change.ts';
import {
  decodeChanges,
  encodeChanges,
  openChanges,
} from '../../../src-main/snapshots/changes-file.ts';
import {
  compareDifferences,
  foldChanges,
  unshared,
} from '../../../src-main/snapshots/compare-snapshots.ts';
import { RecordedTree } from '../../../src-main/snapshots/recorded-tree.ts';
import { difference, entry, inside, parentPath, pathEntries, tree, type Tree } from './trees.ts';

/** The changes of a row of trees, each against the one before, the oldest first. */
function recordedChanges(trees: readonly Tree[]): Change[][] {
  return trees.map((each, index) => difference(trees[index - 1] ?? new Map(), each));
}

function recorded(trees: readonly Tree[]): RecordedTree {
  const files = recordedChanges(trees).map((changes) =>
    openChanges(encodeChanges(changes), 'test'),
  );
  return new RecordedTree(files.reverse());
}

describe('changes file', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        const changes = difference(from, to);
        expect(decodeChanges(openChanges(encodeChanges(changes), 'test'))).toStrictEqual(changes);
      }),
    );
  });

  it('keeps link targets that look like the end of a record', () => {
    const changes: Change[] = [
      { kind: 'added', path: '/l\nend 1\n', entry: entry('symlink', 0o777, '\n/x\nend 0\n') },
    ];
    expect(decodeChanges(openChanges(encodeChanges(changes), 'test'))).toStrictEqual(changes);
  });

  it('refuses what was cut off, and other versions', () => {
    const whole = encodeChanges([{ kind: 'added', path: '/a', entry: entry('file', 0o644, 'x') }]);
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => openChanges(whole.subarray(0, length), 'test')).toThrow(
        expect.objectContaining({ code: 'format' }),
      );
    }
    expect(() => openChanges(Buffer.from('strata-changes 2\nend 0\n'), 'test')).toThrow(
      'reading test: it is of another version: strata-changes 2',
    );
  });
});

describe('RecordedTree', () => {
  const trees = fc.array(tree, { minLength: 1, maxLength: 4 });

  it('knows each entry of the newest tree and none of the older ones, asked in any order', () => {
    fc.assert(
      fc.property(trees, fc.infiniteStream(fc.nat()), (row, random) => {
        const newest = row.at(-1) ?? new Map();
        const known = recorded(row);
        const paths = row.flatMap((each) => Array.from(each.keys()));
        const inOrder = pathEntries(new Map(row.flatMap((each) => Array.from(each))));
        for (const { path } of inOrder) expect(known.lookup(path)).toStrictEqual(newest.get(path));
        for (const index of random.take(20)) {
          const path = paths[index % Math.max(paths.length, 1)] ?? '/none';
          expect(known.lookup(path)).toStrictEqual(newest.get(path));
        }
      }),
    );
  });

  it('lists directories, with and without what is deeper', () => {
    fc.assert(
      fc.property(trees, (row) => {
        const newest = row.at(-1) ?? new Map();
        const known = recorded(row);
        for (const directory of ['/', '/a', '/a/b', '/none', '/é']) {
          const deep = inside(newest, directory);
          const prefix = directory === '/' ? '' : directory;
          expect(known.below(directory)).toStrictEqual(deep);
          expect(known.children(directory)).toStrictEqual(
            deep.filter(({ path }) => parentPath(path) === prefix),
          );
        }
      }),
    );
  });
});

describe('comparing snapshots', () => {
  it('is the difference of the merged trees, from a common ancestor or none', () => {
    const row = fc.array(tree, { maxLength: 3 });
    fc.assert(
      fc.property(row, row, row, (common, left, right) => {
        const base = common.at(-1) ?? new Map();
        const fold = (trees: readonly Tree[]) =>
          foldChanges(recordedChanges([base, ...trees]).slice(1));
        expect(compareDifferences(fold(left), fold(right))).toStrictEqual(
          difference(left.at(-1) ?? base, right.at(-1) ?? base),
        );
      }),
    );
  });

  it('leaves out the ancestors of both', () => {
    expect(unshared(['c', 'b', 'a'], ['d', 'b', 'a'])).toStrictEqual({ from: ['c'], to: ['d'] });
    expect(unshared(['b', 'a'], ['c', 'b', 'a'])).toStrictEqual({ from: [], to: ['c'] });
  });
});
