/**
 * One entry of a tar archive, as layers of OCI images have them (image-spec v1.1, layer.md). Paths are as byte-path.ts
 * decodes them: file names are bytes, and the tar packages of npm take them for UTF-8, which loses some.
 */
import { Readable } from 'node:stream';

export type TarType =
  'file' | 'directory' | 'symlink' | 'hardlink' | 'fifo' | 'character-device' | 'block-device';

export interface TarEntry {
  /** From the archive's root, without a slash at either end. */
  readonly path: string;
  readonly type: TarType;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly owner: Owner;
  /** Bytes of a file's contents; 0 for everything else. */
  readonly size: number;
  /** Of a symbolic link its target, of a hard link the path of the file; otherwise the empty string. */
  readonly target: string;
  /** Extended attributes by their whole names, such as `user.comment`. */
  readonly attributes: ReadonlyMap<string, Uint8Array>;
}

export interface Owner {
  readonly user: number;
  readonly group: number;
}

export const ROOT: Owner = { user: 0, group: 0 };
/** As every sandbox of Strata has it. */
export const BUILDER: Owner = { user: 1000, group: 100 };

export const NO_ATTRIBUTES: ReadonlyMap<string, Uint8Array> = new Map();

/** An entry, and how its contents are read. */
export interface PackedEntry {
  readonly entry: TarEntry;
  /** Null for what has no contents. */
  readonly open: (() => Promise<AsyncIterable<Uint8Array>>) | null;
}

/** A directory. */
export function directoryEntry(path: string, mode: number, owner: Owner): PackedEntry {
  const entry = { path, mode, owner, size: 0, target: '', attributes: NO_ATTRIBUTES };
  return { entry: { ...entry, type: 'directory' }, open: null };
}

/** A regular file whose contents are at hand. */
export function fileEntry(
  path: string,
  contents: string | Uint8Array,
  mode: number,
  owner: Owner,
): PackedEntry {
  const bytes = Buffer.from(contents);
  return {
    entry: {
      path,
      type: 'file',
      mode,
      owner,
      size: bytes.length,
      target: '',
      attributes: NO_ATTRIBUTES,
    },
    open: () => Promise.resolve(Readable.from([bytes])),
  };
}
