/**
 * What the backends have in common: names, keys, parents, owners and the order of steps that makes a crash harmless. A
 * backend says only how a tree begins, how it is mounted, and what changed in it.
 *
 * Single small files are read and written at once, without another thread: that would take longer than the work, and
 * there are dozens of them in the time between two phases.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { draftName } from '../host/draft.ts';
import { describingFileErrors, madeWhereMissing, renameDurably } from '../host/durable.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import type { Change, Entry } from './change.ts';
import { encodeChanges } from './changes-file.ts';
import { CommittedSnapshots } from './committed-snapshots.ts';
import { flushTree } from './flush.ts';
import type { PathEntry } from './layer-changes.ts';
import { thisOwner } from './owner.ts';
import { noSnapshot } from './record-cache.ts';
import {
  encodeRecord,
  parentOf,
  readRecord,
  type Ancestor,
  type BackendName,
  type SnapshotRecord,
} from './record.ts';
import type { RecordedTree } from './recorded-tree.ts';
import type { Links } from './snapshot-file.ts';
import type { ActiveSnapshot, Mount, SnapshotStat, Snapshotter, Usage } from './snapshotter.ts';
import {
  CHANGES_FILE,
  OWNER_FILE,
  RECORD_FILE,
  SCAFFOLD,
  checkName,
  storeLayout,
  type StoreLayout,
} from './store-layout.ts';
import { deleteSmallTree, deleteTree, discard } from './tree-removal.ts';
import { treeUsage } from './tree-usage.ts';

/** How one backend keeps trees. `trees` are those of the parent, its parent and so on: absolute, the newest first. */
export interface Backend {
  readonly name: BackendName;
  /** Whether it can build on a snapshot of this kind. */
  accepts(parent: BackendName): boolean;
  /** Makes what a writable snapshot needs in its directory, which is moved once before {@link mount} is asked. */
  begin(directory: string, trees: readonly string[]): Promise<void>;
  mount(directory: string, trees: readonly string[]): Mount;
  beginView(directory: string, trees: readonly string[]): Promise<void>;
  viewMount(directory: string, trees: readonly string[]): Mount;
  /** The changes of the tree in a directory that {@link begin} made, against what is below it. */
  changes(directory: string, below: RecordedTree): Promise<readonly Change[]>;
}

type ActiveKind = 'active' | 'view';

export class DirectorySnapshotter implements Snapshotter {
  readonly backend: BackendName;
  readonly #backend: Backend;
  readonly #layout: StoreLayout;
  readonly #committed: CommittedSnapshots;
  /** Keys begun by this instance and not ended yet. */
  readonly #held = new Set<string>();

  constructor(root: string, backend: Backend) {
    this.backend = backend.name;
    this.#backend = backend;
    this.#layout = storeLayout(root);
    this.#committed = new CommittedSnapshots(this.#layout.snapshots);
  }

  async prepare(key: string, parent: string | null): Promise<ActiveSnapshot> {
    const lineage = parent === null ? [] : this.#lineageOn(parent);
    const trees = this.#committed.trees(lineage);
    const directory = await this.#begin(key, 'active', lineage, (draft) =>
      this.#backend.begin(draft, trees),
    );
    return { key, parent, mount: this.#backend.mount(directory, trees), directory };
  }

  async view(key: string, parent: string): Promise<ActiveSnapshot> {
    const lineage = this.#lineageOn(parent);
    const trees = this.#committed.trees(lineage);
    const directory = await this.#begin(key, 'view', lineage, (draft) =>
      this.#backend.beginView(draft, trees),
    );
    return { key, parent, mount: this.#backend.viewMount(directory, trees), directory };
  }

  async changes(key: string): Promise<readonly Change[]> {
    const record = this.#activeRecord(key, `listing the changes of ${key}`);
    const below = await this.#committed.recordedTree(record.lineage.map(({ name }) => name));
    return describingFileErrors(`listing the changes of ${key}`, () =>
      this.#backend.changes(join(this.#layout.active, key), below),
    );
  }

  async commit(name: string, key: string, changes: readonly Change[]): Promise<void> {
    checkName(name);
    const operation = `committing ${key} as ${name}`;
    this.#activeRecord(key, operation);
    if (name !== key) this.#refuseTaken(name, operation);
    const directory = join(this.#layout.active, key);
    const committed = join(this.#layout.snapshots, name);
    await describingFileErrors(operation, async () => {
      await writeFile(join(directory, CHANGES_FILE), encodeChanges(changes));
      await flushTree(directory);
      try {
        await renameDurably(directory, committed);
      } catch (error) {
        if (isTaken(error)) throw inUse(operation, `${name} is taken`);
        throw error;
      }
    });
    this.#held.delete(key);
    await this.#dropScaffold(committed);
  }

  async remove(name: string): Promise<void> {
    checkName(name);
    const operation = `removing ${name}`;
    const { snapshots, active, trash } = this.#layout;
    await describingFileErrors(operation, async () => {
      await mkdir(trash, { recursive: true });
      if (exists(join(active, name))) {
        const place = await discard(join(active, name), trash);
        this.#held.delete(name);
        if (place !== undefined) await deleteTree(place);
        return;
      }
      if (!exists(join(snapshots, name))) throw noSnapshot(name);
      await this.#refuseChildren(name, operation);
      const place = await discard(join(snapshots, name), trash);
      if (place === undefined) throw noSnapshot(name);
      try {
        // Another process may have begun a child since: it looks for its parent after it began (see #begin), and we for
        // children after we took the parent away, so at least one of us notices.
        await this.#refuseChildren(name, operation);
      } catch (error) {
        await rename(place, join(snapshots, name));
        throw error;
      }
      await deleteTree(place);
    });
  }

  async stat(name: string): Promise<SnapshotStat> {
    return Promise.resolve(this.#stat(name));
  }

  #stat(name: string): SnapshotStat {
    checkName(name);
    const committed = join(this.#layout.snapshots, name);
    const record = readRecord(committed);
    if (record !== undefined) {
      return { name, kind: 'committed', parent: parentOf(record), directory: committed };
    }
    const active = join(this.#layout.active, name);
    const activeRecord = readRecord(active);
    if (activeRecord === undefined) throw noSnapshot(name);
    const kind = this.#activeKind(name);
    return { name, kind: kind ?? 'active', parent: parentOf(activeRecord), directory: active };
  }

  async usage(name: string): Promise<Usage> {
    return treeUsage(this.#stat(name).directory);
  }

  recordedChanges(name: string): Promise<readonly Change[]> {
    return this.#committed.recordedChanges(name);
  }

  readFile(name: string, path: string, from?: number): Promise<NodeJS.ReadableStream> {
    return this.#committed.readFile(name, path, from);
  }

  lookup(name: string, path: string, last?: Links): Promise<Entry | null> {
    return this.#committed.lookup(name, path, last);
  }

  listDirectory(name: string, path: string): Promise<readonly PathEntry[]> {
    return this.#committed.listDirectory(name, path);
  }

  compare(from: string, to: string): Promise<readonly Change[]> {
    return this.#committed.compare(from, to);
  }

  async *walk(): AsyncIterable<SnapshotStat> {
    for (const name of await names(this.#layout.snapshots)) {
      const directory = join(this.#layout.snapshots, name);
      const record = readRecord(directory);
      // One that was removed while we walk is passed over.
      if (record === undefined) continue;
      yield { name, kind: 'committed', parent: parentOf(record), directory };
    }
  }

  async close(): Promise<void> {
    for (const key of this.#held) {
      if (exists(join(this.#layout.active, key))) await this.remove(key);
    }
    this.#held.clear();
  }

  /** Makes an active directory in one step, whatever else is begun at the same time. */
  async #begin(
    key: string,
    kind: ActiveKind,
    lineage: readonly Ancestor[],
    fill: (draft: string) => Promise<void>,
  ): Promise<string> {
    checkName(key);
    const operation = `preparing ${key}`;
    const { snapshots, active, trash } = this.#layout;
    const draft = join(active, draftName());
    const directory = join(active, key);
    return describingFileErrors(operation, async () => {
      this.#refuseTaken(key, operation);
      try {
        await madeWhereMissing([snapshots, active, trash], () => mkdir(draft));
        writeFileSync(join(draft, OWNER_FILE), `${JSON.stringify({ kind, ...thisOwner() })}\n`);
        writeFileSync(
          join(draft, RECORD_FILE),
          encodeRecord({ backend: this.#backend.name, lineage }),
        );
        mkdirSync(join(draft, SCAFFOLD));
        await fill(draft);
        renameSync(draft, directory);
      } catch (error) {
        await deleteTree(draft);
        if (isTaken(error)) throw inUse(operation, `${key} is taken`);
        throw error;
      }
      this.#held.add(key);
      const parent = lineage[0];
      if (parent !== undefined && !exists(join(snapshots, parent.name))) {
        await this.remove(key);
        throw noSnapshot(parent.name);
      }
      return directory;
    });
  }

  /**
   * What a mount no longer needs goes after the commit: until then the snapshot could still be written to. What a crash
   * leaves of it does no harm, and goes with the snapshot.
   */
  async #dropScaffold(committed: string): Promise<void> {
    rmSync(join(committed, OWNER_FILE), { force: true });
    // The mode-000 directory in overlay's work directory is empty and goes without being read.
    await deleteSmallTree(join(committed, SCAFFOLD));
  }

  #refuseTaken(name: string, operation: string): void {
    const { snapshots, active } = this.#layout;
    if (exists(join(snapshots, name)) || exists(join(active, name))) {
      throw inUse(operation, `${name} is taken`);
    }
  }

  async #refuseChildren(name: string, operation: string): Promise<void> {
    for (const parent of [this.#layout.snapshots, this.#layout.active]) {
      for (const child of await names(parent)) {
        const record = readRecord(join(parent, child));
        if (record !== undefined && parentOf(record) === name) {
          throw inUse(operation, `${child} builds on it`);
        }
      }
    }
  }

  #activeRecord(key: string, operation: string): SnapshotRecord {
    checkName(key);
    const record = readRecord(join(this.#layout.active, key));
    const kind = record === undefined ? undefined : this.#activeKind(key);
    if (record !== undefined && kind === 'active') return record;
    throw new StrataError({
      code: 'not-found',
      operation,
      reason: kind === 'view' ? `${key} is a view` : `there is no active snapshot ${key}`,
    });
  }

  #activeKind(key: string): ActiveKind | undefined {
    try {
      const text = readFileSync(join(this.#layout.active, key, OWNER_FILE), 'utf8');
      const value: unknown = JSON.parse(text);
      const isView = typeof value === 'object' && value !== null && 'kind' in value;
      return isView && value.kind === 'view' ? 'view' : 'active';
    } catch (error) {
      if (isSystemError(error) && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #lineageOn(parent: string): readonly Ancestor[] {
    const lineage = this.#committed.lineageOf(parent);
    const [top] = lineage;
    if (top === undefined || this.#backend.accepts(top.backend)) return lineage;
    throw new StrataError({
      code: 'environment',
      operation: `building on snapshot ${parent}`,
      reason: `it was made by the ${top.backend} backend, and this is ${this.#backend.name}`,
      advice:
        'run the phases again from the first (strata run --reuse strict), or see strata doctor',
    });
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** The names in a directory that are ours; none where there is no such directory yet. */
async function names(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).filter((name) => !name.startsWith('.'));
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return [];
    throw error;
  }
}

function isTaken(error: unknown): boolean {
  return isSystemError(error) && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');
}

function inUse(operation: string, reason: string): StrataError {
  return new StrataError({ code: 'in-use', operation, reason });
}
