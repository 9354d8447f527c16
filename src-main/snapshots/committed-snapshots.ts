/** What can be asked of committed snapshots: their lineage, their merged trees, and the files in them. Reads only. */
import { join } from 'node:path';
import { describingFileErrors } from '../host/durable.ts';
import { StrataError } from '../protocol/errors.ts';
import type { Change, Entry } from './change.ts';
import { decodeChanges } from './changes-file.ts';
import {
  compareDifferences,
  foldChanges,
  unshared,
  type Differences,
} from './compare-snapshots.ts';
import type { PathEntry } from './layer-changes.ts';
import { RecordCache, noSnapshot } from './record-cache.ts';
import { readRecord, treeName, type Ancestor } from './record.ts';
import { RecordedTree } from './recorded-tree.ts';
import { openFile, resolvePath, type Links } from './snapshot-file.ts';
import { checkName } from './store-layout.ts';

/** The reading half of a snapshotter; snapshotter.ts describes the methods of the same names. */
export class CommittedSnapshots {
  readonly #directory: string;
  readonly #records: RecordCache;

  /** @param directory holds the committed snapshots. */
  constructor(directory: string) {
    this.#directory = directory;
    this.#records = new RecordCache(directory);
  }

  /** A committed snapshot and its ancestors, the newest first. @throws StrataError `not-found`. */
  lineageOf(name: string): readonly Ancestor[] {
    checkName(name);
    const record = readRecord(join(this.#directory, name));
    if (record === undefined) throw noSnapshot(name);
    return [{ name, backend: record.backend }, ...record.lineage];
  }

  /** The directory that holds a snapshot's files. */
  tree({ name, backend }: Ancestor): string {
    return join(this.#directory, name, treeName(backend));
  }

  /** The directories that make up the merged tree of the first: a whole tree hides everything older. */
  trees(lineage: readonly Ancestor[]): readonly string[] {
    const whole = lineage.findIndex(({ backend }) => backend === 'copy');
    return lineage.slice(0, whole === -1 ? lineage.length : whole + 1).map((one) => this.tree(one));
  }

  async #committedTree(name: string): Promise<RecordedTree> {
    return this.recordedTree(this.lineageOf(name).map((ancestor) => ancestor.name));
  }

  /** The merged tree of a lineage's first. @throws StrataError `not-found`. */
  async recordedTree(newestFirst: readonly string[]): Promise<RecordedTree> {
    return new RecordedTree(await Promise.all(newestFirst.map((name) => this.#records.load(name))));
  }

  async #fold(newestFirst: readonly string[]): Promise<Differences> {
    const records = await Promise.all(newestFirst.map((name) => this.#records.load(name)));
    return foldChanges(records.reverse().map(decodeChanges));
  }
  async recordedChanges(name: string): Promise<readonly Change[]> {
    checkName(name);
    return decodeChanges(await this.#records.load(name));
  }

  async readFile(name: string, path: string, from = 0): Promise<NodeJS.ReadableStream> {
    const lineage = this.lineageOf(name);
    const tree = await this.recordedTree(lineage.map((ancestor) => ancestor.name));
    const resolved = resolvePath(tree, path, 'follow');
    const operation = `reading ${name}:${path}`;
    const type = resolved.kind === 'root' ? 'directory' : resolved.located.entry.type;
    if (resolved.kind === 'root' || type !== 'file') {
      throw new StrataError({ code: 'usage', operation, reason: `it is a ${type}, no file` });
    }
    const holder = lineage[resolved.located.layer];
    if (holder === undefined) throw noSnapshot(name);
    return describingFileErrors(operation, () => openFile(this.tree(holder), resolved.path, from));
  }

  async lookup(name: string, path: string, last: Links = 'keep'): Promise<Entry | null> {
    const tree = await this.#committedTree(name);
    try {
      const resolved = resolvePath(tree, path, last);
      return resolved.kind === 'root' ? ROOT_ENTRY : resolved.located.entry;
    } catch (error) {
      if (error instanceof StrataError && error.code === 'not-found') return null;
      throw error;
    }
  }

  async listDirectory(name: string, path: string): Promise<readonly PathEntry[]> {
    const tree = await this.#committedTree(name);
    const resolved = resolvePath(tree, path, 'follow');
    if (resolved.kind === 'root') return tree.children('/');
    const { type } = resolved.located.entry;
    if (type === 'directory') return tree.children(resolved.path);
    throw new StrataError({
      code: 'usage',
      operation: `listing ${name}:${path}`,
      reason: `it is a ${type}, no directory`,
    });
  }

  async compare(from: string, to: string): Promise<readonly Change[]> {
    const names = (snapshot: string): readonly string[] =>
      this.lineageOf(snapshot).map(({ name }) => name);
    const own = unshared(names(from), names(to));
    return compareDifferences(await this.#fold(own.from), await this.#fold(own.to));
  }
}

/** The root of every tree; its own permissions are not recorded. */
const ROOT_ENTRY: Entry = { type: 'directory', size: 0, mode: 0o755, content: '' };
