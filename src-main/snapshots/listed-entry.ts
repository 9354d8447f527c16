/** One entry of a listing, with all that the backends ask of a file system. */
import type { EntryType } from './change.ts';

export interface ListedEntry {
  /** From the tree's root, beginning with `/`. The root itself is not listed. */
  readonly path: string;
  readonly type: ListedType;
  /** Apparent bytes, as `stat` gives them. */
  readonly size: number;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  /** Allocated bytes. */
  readonly allocated: number;
  /** Decimal; a string because inode numbers may exceed 2^53. */
  readonly inode: string;
  /** How many names the file has. */
  readonly links: number;
  /** Time of the last change of the file or its attributes, `seconds.fraction`; to be compared for equality only. */
  readonly changed: string;
  /** Of a symbolic link, its target; otherwise the empty string. */
  readonly target: string;
}

/** Overlay's whiteouts are character devices, so a listing keeps the two kinds of devices apart. */
export type ListedType = Exclude<EntryType, 'device'> | 'character-device' | 'block-device';

/** The type as people and changes know it. */
export function entryType(type: ListedType): EntryType {
  return type === 'character-device' || type === 'block-device' ? 'device' : type;
}
