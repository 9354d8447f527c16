/**
 * The store of filesystem states, after containerd's snapshotter.
 *
 * A snapshot is a directory tree that came from its parent by some changes. While it can be written it is **active** and
 * known by a *key*; once committed it is immutable and known by a *name*. Keys and names are one set of words: a key is
 * free again after its commit or removal. `null` as the parent is the empty tree.
 *
 *     const active = await snapshotter.prepare('build-1', null);      // active, empty
 *     …write through active.mount…
 *     await snapshotter.commit('a1b2', 'build-1', {…});               // 'a1b2' is whole, 'build-1' is gone
 *     const next = await snapshotter.prepare('build-2', 'a1b2');      // writable, begins as 'a1b2' is
 *     const view = await snapshotter.view('look-1', 'a1b2');          // read-only, ended by remove('look-1')
 *
 * A crash at any instant leaves each committed snapshot whole, and active ones to be swept by the next start.
 * Names and keys match /^[a-z0-9][a-z0-9-]*$/; every method throws StrataError `usage` for another.
 */
import type { Change, Entry } from './change.ts';
import type { PathEntry } from './layer-changes.ts';
import type { Links } from './snapshot-file.ts';

/** How the merged tree of a snapshot comes to be at a place; carried out by whoever holds a mount namespace. */
export type Mount =
  | {
      readonly kind: 'overlay';
      /** Absolute directories, the uppermost first. May be empty: then whoever mounts brings a lowest one. */
      readonly lower: readonly string[];
      /** The directory that takes the writes, and overlay's work directory beside it; null for a view. */
      readonly upper: { readonly directory: string; readonly work: string } | null;
    }
  | {
      readonly kind: 'bind';
      /** The directory that is the whole tree. */
      readonly source: string;
      readonly readOnly: boolean;
    };

export interface ActiveSnapshot {
  readonly key: string;
  readonly parent: string | null;
  readonly mount: Mount;
  /** A directory of this snapshot for files beside the tree (state, log, …); all in it is committed with it. */
  readonly directory: string;
}

export interface SnapshotStat {
  readonly name: string;
  readonly kind: 'active' | 'view' | 'committed';
  readonly parent: string | null;
  /** Where the files beside the tree are. */
  readonly directory: string;
}

/** What a snapshot takes on the disk, its parent excluded. */
export interface Usage {
  /** Bytes of allocated blocks. */
  readonly bytes: number;
  readonly inodes: number;
}

export interface Snapshotter {
  /** Which backend this is. */
  readonly backend: 'overlay' | 'copy';

  /** Begins a writable snapshot on `parent`. @throws StrataError `in-use` (key taken), `not-found` (parent). */
  prepare(key: string, parent: string | null): Promise<ActiveSnapshot>;

  /** Mounts a committed snapshot read-only under a key. @throws StrataError `in-use` (key taken), `not-found` (parent). */
  view(key: string, parent: string): Promise<ActiveSnapshot>;

  /**
   * The changes of an active snapshot's tree against its parent, sorted by path bytes, each regular file with the digest
   * of its contents. To be called when nothing writes to it any more; commit records the answer.
   *
   * @throws StrataError `not-found` (key).
   */
  changes(key: string): Promise<readonly Change[]>;

  /**
   * Makes an active snapshot immutable under `name`: its contents and `changes` are on the disk before one rename shows it.
   *
   * @throws StrataError `not-found` (key), `in-use` (name taken), `environment` (disk full, …): the key is then still active.
   */
  commit(name: string, key: string, changes: readonly Change[]): Promise<void>;

  /** Takes away an active snapshot, a view, or a committed one without children; `in-use` where it has some. */
  remove(name: string): Promise<void>;

  stat(name: string): Promise<SnapshotStat>;
  usage(name: string): Promise<Usage>;

  /** The recorded changes of a committed snapshot against its parent. @throws StrataError `not-found`. */
  recordedChanges(name: string): Promise<readonly Change[]>;

  /**
   * Opens a path of a committed snapshot as its merged tree has it, following symbolic links inside the tree's root only.
   *
   * @param from bytes that are left out at the beginning; 0 where it is not given.
   * @throws StrataError `not-found`, or `usage` for what is no regular file.
   */
  readFile(name: string, path: string, from?: number): Promise<NodeJS.ReadableStream>;

  /**
   * The entry at a path of a committed snapshot's merged tree; null where there is none. Symbolic links on the way are
   * followed inside the tree's root; one at the end of the path is where `last` says so.
   *
   * @param last `keep` where it is not given.
   * @throws StrataError `not-found` (name).
   */
  lookup(name: string, path: string, last?: Links): Promise<Entry | null>;

  /**
   * The entries of one directory (`/` is the root) of a committed snapshot's merged tree, sorted by path bytes, each with
   * its whole path. @throws StrataError `not-found`, or `usage` for what is no directory.
   */
  listDirectory(name: string, path: string): Promise<readonly PathEntry[]>;

  /**
   * The changes from one committed snapshot to any other, sorted by path bytes; they need no common ancestor.
   *
   * @throws StrataError `not-found`.
   */
  compare(from: string, to: string): Promise<readonly Change[]>;

  /** All committed snapshots, in no order. */
  walk(): AsyncIterable<SnapshotStat>;

  /** Ends all that this instance holds open; active snapshots and views of it are taken away. */
  close(): Promise<void>;
}
