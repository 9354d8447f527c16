/** One of the changes of two states, taken out of the protocol's columns. */
import type { Changes } from '../../src-main/protocol/methods.ts';

export type ChangeKind = 'A' | 'M' | 'R';

export interface ChangeEntry {
  readonly path: string;
  readonly kind: ChangeKind;
  /** f file, d directory, l symlink, p fifo, s socket, c device. */
  readonly type: string;
  /** Bytes; -1 where there is none. */
  readonly size: number;
  readonly oldSize: number;
  readonly mode: number;
  readonly oldMode: number;
}

/** The change at an index of the columns. */
export function changeEntry(changes: Changes, index: number): ChangeEntry {
  return {
    path: changes.paths[index] ?? '',
    kind: changeKind(changes.kinds[index]),
    type: changes.types[index] ?? 'f',
    size: changes.sizes[index] ?? -1,
    oldSize: changes.oldSizes[index] ?? -1,
    mode: changes.modes[index] ?? -1,
    oldMode: changes.oldModes[index] ?? -1,
  };
}

/** The kind that a letter of the protocol stands for; modified for any it does not know. */
export function changeKind(letter: string | undefined): ChangeKind {
  return letter === 'A' || letter === 'R' ? letter : 'M';
}

/** What a change does to the bytes on the disk: a removed file takes its size away. */
export function growth(size: number, oldSize: number): number {
  return Math.max(size, 0) - Math.max(oldSize, 0);
}

const KIND_WORDS = { A: 'added', M: 'modified', R: 'removed' } as const;

/** `added`, `modified` or `removed`. */
export function kindWord(kind: ChangeKind): string {
  return KIND_WORDS[kind];
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  f: 'file',
  d: 'directory',
  l: 'symbolic link',
  p: 'named pipe',
  s: 'socket',
  c: 'device',
};

/** What a file of this type is called; a letter that is not known is a file. */
export function typeWord(type: string): string {
  return TYPE_WORDS[type] ?? 'file';
}
