/**
 * The backend for systems without overlayfs, and for file systems that refuse it: each snapshot is a whole tree. Where the
 * file system can share blocks between copies (btrfs, XFS, APFS), a copy takes little room; elsewhere it takes all of it.
 *
 * Inode numbers and change times, noted right after the copy, tell exactly which files a build touched: the kernel sets
 * the change time itself, and only touched files are read.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runTool } from '../host/process.ts';
import type { Change } from './change.ts';
import { fromByteString, toByteString } from './changes-file.ts';
import { DirectorySnapshotter, type Backend } from './directory-snapshotter.ts';
import { sameEntry, type PathEntry, type TreeBelow } from './layer-changes.ts';
import type { ListedEntry } from './listed-entry.ts';
import { listTree } from './listing.ts';
import { asOwnRoot } from './own-root.ts';
import { sortByPath } from './path-order.ts';
import type { Mount, Snapshotter } from './snapshotter.ts';
import { SCAFFOLD } from './store-layout.ts';
import { readEntries } from './tree-entries.ts';

/** The snapshotter whose snapshots are whole trees below `root`. */
export function copySnapshotter(root: string): Snapshotter {
  return new DirectorySnapshotter(root, COPY);
}

const COPY: Backend = {
  name: 'copy',
  // A layer is no whole tree.
  accepts: (parent) => parent === 'copy',

  async begin(directory, [parent]) {
    const tree = join(directory, TREE);
    if (parent === undefined) await mkdir(tree);
    else await copyTree(parent, tree);
    const baseline = encodeBaseline(await listTree(tree));
    await writeFile(join(directory, SCAFFOLD, BASELINE), baseline);
    await sleep(CLOCK_TICK_MS);
  },

  mount: (directory): Mount => ({
    kind: 'bind',
    source: join(directory, TREE),
    readOnly: false,
  }),

  beginView: () => Promise.resolve(),

  viewMount: (directory, [parent]): Mount => ({
    kind: 'bind',
    source: parent ?? directory,
    readOnly: true,
  }),

  async changes(directory, below) {
    const tree = join(directory, TREE);
    const [listed, stamps] = await Promise.all([
      listTree(tree),
      readFile(join(directory, SCAFFOLD, BASELINE)),
    ]);
    const baseline = decodeBaseline(stamps);
    const touched = listed.filter((entry) => baseline.get(entry.path) !== stamp(entry));
    const present = new Set(listed.map(({ path }) => path));
    const gone = Array.from(baseline.keys()).filter((path) => !present.has(path));
    return treeChanges(await readEntries(tree, touched), gone, below);
  },
};

const TREE = 'tree';
const BASELINE = 'baseline';
/** The kernel stamps files with the time of its last tick, which is 10 ms ago at most (CONFIG_HZ=100). */
const CLOCK_TICK_MS = 20;

/**
 * The changes of a whole tree, sorted by path bytes.
 *
 * @param touched the entries that are new or whose inode or change time is another than after the copy.
 * @param gone the paths that were there after the copy and are not now.
 */
function treeChanges(
  touched: readonly PathEntry[],
  gone: readonly string[],
  below: TreeBelow,
): readonly Change[] {
  const changes: Change[] = [];
  for (const { path, entry } of sortByPath(touched)) {
    const old = below.lookup(path);
    if (old === undefined) changes.push({ kind: 'added', path, entry });
    else if (!sameEntry(old, entry)) changes.push({ kind: 'modified', path, entry, old });
  }
  for (const path of gone) {
    const old = below.lookup(path);
    if (old !== undefined) changes.push({ kind: 'removed', path, old });
  }
  return sortByPath(changes);
}

/** Hard links within the tree stay links; sparse files stay sparse. `-c` of macOS makes clones. */
async function copyTree(from: string, to: string): Promise<void> {
  const how = process.platform === 'darwin' ? ['-c', '-pR'] : ['-a', '--reflink=auto'];
  await runTool({
    operation: `copying ${from}`,
    ...(await asOwnRoot('cp', [...how, '--', from, to])),
  });
}

function stamp({ inode, changed }: ListedEntry): string {
  return `${inode} ${changed}`;
}

function encodeBaseline(entries: readonly ListedEntry[]): Buffer {
  const records = entries.map((entry) => `${toByteString(entry.path)}\0${stamp(entry)}\0`);
  return Buffer.from(records.join(''), 'latin1');
}

function decodeBaseline(file: Buffer): ReadonlyMap<string, string> {
  const fields = file.toString('latin1').split('\0');
  const stamps = new Map<string, string>();
  for (let at = 0; at + 2 <= fields.length; at += 2) {
    stamps.set(fromByteString(fields[at] ?? ''), fields[at + 1] ?? '');
  }
  return stamps;
}
