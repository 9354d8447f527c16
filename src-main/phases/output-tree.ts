/** An output as a tree to be compared: in the store, or in a snapshot as its scratch output. */
import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { decodePath, encodePath } from '../host/byte-path.ts';
import type { Entry } from '../snapshots/change.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import type { ReadableFile } from './content-comparison.ts';

/** What counts of a file for Nix: owners and times do not, and of the mode only whether it is executable. */
export type OutputNode =
  | { readonly kind: 'directory' }
  | { readonly kind: 'file'; readonly isExecutable: boolean; readonly file: ReadableFile }
  | { readonly kind: 'symlink'; readonly target: string }
  /** Nix takes no others. */
  | { readonly kind: 'other' };

export interface OutputTree {
  /** The node at a path below the output's own, such as `/bin/hello`, or the empty string for the output; null for none. */
  readonly node: (path: string) => Promise<OutputNode | null>;
  /** The names in a directory. */
  readonly names: (path: string) => Promise<readonly string[]>;
}

export function storeOutput(root: string): OutputTree {
  const bytesOf = (path: string): Buffer => encodePath(`${root}${path}`);
  return {
    node: async (path) => {
      const place = bytesOf(path);
      const status = await lstat(place).catch(() => null);
      if (status === null) return null;
      if (status.isDirectory()) return { kind: 'directory' };
      if (status.isSymbolicLink()) {
        return { kind: 'symlink', target: decodePath(await readlink(place, 'buffer')) };
      }
      return status.isFile() ? storeFile(place, status) : { kind: 'other' };
    },
    names: async (path) => (await readdir(bytesOf(path), 'buffer')).map(decodePath),
  };
}

function storeFile(place: Buffer, { size, mode }: Stats): OutputNode {
  const raw = async (): Promise<AsyncIterable<Buffer>> =>
    Promise.resolve(createReadStream(place) as AsyncIterable<Buffer>);
  return { kind: 'file', isExecutable: isExecutable(mode), file: { size, raw } };
}

/** @param root the scratch path */
export function scratchOutput(
  snapshotter: Snapshotter,
  snapshot: string,
  root: string,
): OutputTree {
  return {
    node: async (path) => {
      const entry = await snapshotter.lookup(snapshot, `${root}${path}`);
      return entry === null ? null : scratchNode(snapshotter, snapshot, `${root}${path}`, entry);
    },
    names: async (path) => {
      const entries = await snapshotter.listDirectory(snapshot, `${root}${path}`);
      return entries.map((entry) => entry.path.slice(entry.path.lastIndexOf('/') + 1));
    },
  };
}

function scratchNode(
  snapshotter: Snapshotter,
  snapshot: string,
  path: string,
  { type, size, mode, content }: Entry,
): OutputNode {
  switch (type) {
    case 'directory':
      return { kind: 'directory' };
    case 'symlink':
      return { kind: 'symlink', target: content };
    case 'file': {
      const raw = async (): Promise<AsyncIterable<Buffer>> =>
        (await snapshotter.readFile(snapshot, path)) as AsyncIterable<Buffer>;
      return { kind: 'file', isExecutable: isExecutable(mode), file: { size, raw } };
    }
    case 'fifo':
    case 'socket':
    case 'device':
      return { kind: 'other' };
  }
}

/** Nix asks for the owner's bit alone (src/libstore/posix-fs-canonicalise.cc, `canonicaliseTimestampAndPermissions`). */
function isExecutable(mode: number): boolean {
  return (mode & 0o100) !== 0;
}
