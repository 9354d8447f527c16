/**
 * One difference between two trees. Paths begin with `/` at the tree's root (`/build/hello/config.h`) and are as
 * byte-path.ts decodes them. The root itself is never listed; times and owners do not count.
 */

export type EntryType = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'device';

export interface Entry {
  readonly type: EntryType;
  /** Apparent bytes; 0 for directories. */
  readonly size: number;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  /** For a regular file the digest of its contents (hex; file-digests.ts), for a symbolic link its target, else the empty string. */
  readonly content: string;
}

export type Change =
  | { readonly kind: 'added'; readonly path: string; readonly entry: Entry }
  | { readonly kind: 'modified'; readonly path: string; readonly entry: Entry; readonly old: Entry }
  | { readonly kind: 'removed'; readonly path: string; readonly old: Entry };
