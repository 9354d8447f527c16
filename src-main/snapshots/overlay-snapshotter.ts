/**
 * The backend of Linux: each snapshot is a layer of overlayfs, and what did not change takes neither room nor time.
 *
 * Nothing is mounted here: sandboxes mount in namespaces of their own (mount-command.ts). In `scaffold/` are overlay's work
 * directory and, where there are very many layers below, short names of them (`lower/0`, `lower/1`, …, links): with them
 * the options of a mount of 300 layers fit the one page that mount(2) takes.
 */
import { mkdirSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Change } from './change.ts';
import { DirectorySnapshotter, type Backend } from './directory-snapshotter.ts';
import { layerChanges, sharedDirectories } from './layer-changes.ts';
import { listTree } from './listing.ts';
import { opaqueDirectories } from './opaque-directories.ts';
import type { RecordedTree } from './recorded-tree.ts';
import type { Mount, Snapshotter } from './snapshotter.ts';
import { SCAFFOLD } from './store-layout.ts';
import { readEntries } from './tree-entries.ts';

/** The snapshotter whose snapshots are overlay layers below `root`. Whether they can be mounted is choose-backend.ts's. */
export function overlaySnapshotter(root: string): Snapshotter {
  return new DirectorySnapshotter(root, OVERLAY);
}

const OVERLAY: Backend = {
  name: 'overlay',
  // A whole tree is as good a lowest layer as any.
  accepts: () => true,

  async begin(directory, trees) {
    mkdirSync(join(directory, LAYER));
    mkdirSync(join(directory, SCAFFOLD, 'work'));
    await nameLayers(directory, trees);
  },

  mount(directory, trees): Mount {
    const upper = { directory: join(directory, LAYER), work: join(directory, SCAFFOLD, 'work') };
    return { kind: 'overlay', lower: layerNames(directory, trees), upper };
  },

  async beginView(directory, trees) {
    await nameLayers(directory, trees);
    await mkdir(join(directory, SCAFFOLD, 'empty'));
  },

  viewMount(directory, trees): Mount {
    // Without an upper layer overlay wants two lower ones, and a layer alone would show its whiteouts.
    const lower = [...layerNames(directory, trees), join(directory, SCAFFOLD, 'empty')];
    return { kind: 'overlay', lower, upper: null };
  },

  async changes(directory: string, below: RecordedTree): Promise<readonly Change[]> {
    const layer = join(directory, LAYER);
    const listed = await listTree(layer);
    // Builds can make no devices, in a user namespace the kernel refuses; so these are overlay's own.
    const whiteouts = listed.filter(({ type }) => type === 'character-device');
    const present = listed.filter(({ type }) => type !== 'character-device');
    const directories = present.filter(({ type }) => type === 'directory');
    const [entries, opaque] = await Promise.all([
      readEntries(layer, present),
      opaqueDirectories(
        layer,
        sharedDirectories(
          directories.map(({ path }) => path),
          below,
        ),
        join(directory, SCAFFOLD),
      ),
    ]);
    return layerChanges({ entries, whiteouts: whiteouts.map(({ path }) => path), opaque }, below);
  },
};

const LAYER = 'layer';

/**
 * Characters that the names of the layers may take in a mount's options, as they are: one page less the other options. A
 * link for each layer below each layer costs more than the mount.
 */
const ROOM_FOR_NAMES = 2500;

async function nameLayers(directory: string, trees: readonly string[]): Promise<void> {
  if (fitsOptions(trees)) return;
  const lower = join(directory, SCAFFOLD, 'lower');
  await mkdir(lower);
  await Promise.all(trees.map((tree, index) => symlink(tree, join(lower, String(index)))));
}

function layerNames(directory: string, trees: readonly string[]): readonly string[] {
  if (fitsOptions(trees)) return trees;
  return trees.map((_, index) => join(directory, SCAFFOLD, 'lower', String(index)));
}

/** Whether a mount can name the layers by where they are, counted from the root of the store: `snapshots/ID/layer`. */
function fitsOptions(trees: readonly string[]): boolean {
  const names = trees.map((tree) => join('snapshots', basename(dirname(tree)), basename(tree)));
  return names.join(':').length <= ROOM_FOR_NAMES;
}
