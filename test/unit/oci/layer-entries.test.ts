import { describe, expect, it } from 'vitest';
import { layerEntries } from '../../../src-main/oci/layer-entries.ts';
import type { Change, Entry } from '../../../src-main/snapshots/change.ts';
import type { ListedEntry, ListedType } from '../../../src-main/snapshots/listed-entry.ts';

const FILE: Entry = { type: 'file', size: 1, mode: 0o644, content: 'x' };
const DIRECTORY: Entry = { type: 'directory', size: 0, mode: 0o755, content: '' };

function listed(path: string, type: ListedType, inode = path, links = 1): ListedEntry {
  return {
    path,
    type,
    size: 1,
    mode: type === 'directory' ? 0o755 : 0o644,
    allocated: 0,
    inode,
    links,
    changed: '',
    target: '',
  };
}

function added(path: string, entry = FILE): Change {
  return { kind: 'added', path, entry };
}

function removed(path: string, old = FILE): Change {
  return { kind: 'removed', path, old };
}

/** Type and path of each entry, with the target of links. */
function layer(changes: readonly Change[], present: readonly ListedEntry[]): readonly string[] {
  return layerEntries(changes, present, new Map()).entries.map(({ type, path, target }) =>
    target === '' ? `${type} ${path}` : `${type} ${path} -> ${target}`,
  );
}

describe('the layer of a snapshot', () => {
  it('holds what was changed and the directories above it, and nothing that was only touched', () => {
    const present = [
      listed('/build', 'directory'),
      listed('/build/src', 'directory'),
      listed('/build/src/new', 'file'),
      listed('/build/touched', 'file'),
      listed('/tmp', 'directory'),
    ];
    expect(layer([added('/build/src/new')], present)).toEqual([
      'directory build',
      'directory build/src',
      'file build/src/new',
    ]);
  });

  it('names what is gone once, whatever was in it', () => {
    const present = [listed('/build', 'directory'), listed('/build/gone', 'character-device')];
    const changes = [
      removed('/build/gone', DIRECTORY),
      removed('/build/gone/a'),
      removed('/build/gone-too'),
    ];
    expect(layer(changes, present)).toEqual([
      'directory build',
      'file build/.wh.gone',
      'file build/.wh.gone-too',
    ]);
  });

  it('names nothing inside a directory that gave way to a file', () => {
    const changes: Change[] = [
      { kind: 'modified', path: '/d', entry: FILE, old: DIRECTORY },
      removed('/d/a'),
    ];
    expect(layer(changes, [listed('/d', 'file')])).toEqual(['file d']);
  });

  it('names what is gone from a directory that was made anew', () => {
    const present = [listed('/d', 'directory'), listed('/d/b', 'file')];
    expect(layer([removed('/d/a'), added('/d/b')], present)).toEqual([
      'directory d',
      'file d/.wh.a',
      'file d/b',
    ]);
  });

  it('keeps names of one file together, the first by its bytes as the file', () => {
    const present = [listed('/b', 'file', '7', 2), listed('/a', 'file', '7', 2)];
    expect(layer([added('/a'), added('/b')], present)).toEqual(['file a', 'hardlink b -> a']);
  });

  it('leaves sockets out and says so', () => {
    const { entries, leftOut } = layerEntries(
      [added('/s', { ...FILE, type: 'socket' })],
      [listed('/s', 'socket')],
      new Map(),
    );
    expect({ entries, leftOut }).toEqual({ entries: [], leftOut: ['/s'] });
  });

  it('refuses a name that would remove another', () => {
    expect(() => layer([added('/.wh.a')], [listed('/.wh.a', 'file')])).toThrow(
      'a name that begins with .wh. stands for a removed file',
    );
  });
});
