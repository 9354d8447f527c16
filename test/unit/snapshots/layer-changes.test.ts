import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src-main/snapshots/change.ts';
import {
  layerChanges,
  sharedDirectories,
  type Layer,
} from '../../../src-main/snapshots/layer-changes.ts';
import { difference, entry, inside, parentPath, tree, treeBelow, type Tree } from './trees.ts';

/** The layer that overlay would write to make `to` of `from`, with directories made opaque where `opaquely` says so. */
function layerBetween(from: Tree, to: Tree, opaquely: boolean, copyUpAll: boolean): Layer {
  const entries = new Map<string, Entry>();
  const whiteouts: string[] = [];
  const opaque = new Set<string>();
  const isHidden = (path: string): boolean => {
    for (let at = path; at !== ''; at = parentPath(at)) if (opaque.has(at)) return true;
    return false;
  };
  const put = (path: string): void => {
    for (let at = path; at !== ''; at = parentPath(at)) {
      const each = to.get(at);
      if (each !== undefined) entries.set(at, each);
    }
  };
  for (const [path, old] of from) {
    const now = to.get(path);
    if (
      opaquely &&
      old.type === 'directory' &&
      now?.type === 'directory' &&
      path.length % 2 === 0
    ) {
      opaque.add(path);
      put(path);
      for (const below of inside(to, path)) put(below.path);
    }
  }
  for (const [path, now] of to) {
    if (copyUpAll || JSON.stringify(from.get(path)) !== JSON.stringify(now)) put(path);
  }
  for (const path of from.keys()) {
    const parent = parentPath(path);
    const parentStays = parent === '' || to.get(parent)?.type === 'directory';
    if (to.has(path) || !parentStays || isHidden(parent)) continue;
    whiteouts.push(path);
    if (parent !== '') put(parent);
  }
  return {
    entries: Array.from(entries, ([path, each]) => ({ path, entry: each })),
    whiteouts,
    opaque,
  };
}

describe('layerChanges', () => {
  it('is the difference of the merged trees, however overlay wrote the layer', () => {
    fc.assert(
      fc.property(tree, tree, fc.boolean(), fc.boolean(), (from, to, opaquely, copyUpAll) => {
        const layer = layerBetween(from, to, opaquely, copyUpAll);
        expect(layerChanges(layer, treeBelow(from))).toStrictEqual(difference(from, to));
      }),
      { numRuns: 1000 },
    );
  });

  it('ignores a whiteout over nothing', () => {
    const layer = { entries: [], whiteouts: ['/gone'], opaque: new Set<string>() };
    expect(layerChanges(layer, treeBelow(new Map()))).toStrictEqual([]);
  });

  it('asks about opacity only where both have a directory', () => {
    const below = treeBelow(
      new Map([
        ['/both', entry('directory', 0o755, '')],
        ['/was-file', entry('file', 0o644, 'x')],
      ]),
    );
    expect(sharedDirectories(['/new', '/was-file', '/both'], below)).toStrictEqual(['/both']);
  });
});
