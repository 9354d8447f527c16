/**
 * How a snapshot's changes are kept on the disk: one record a change, sorted by path bytes, so that the file is its own
 * index (recorded-tree.ts) and a hundred thousand of them are read in a tenth of a second.
 *
 *     strata-changes 1\n
 *     PATH \0 NEW \0 CONTENT \0 OLD \0 OLD-CONTENT \0\n      …once a change
 *     end COUNT\n
 *
 * PATH begins with `/`. NEW and OLD are type letter, mode in octal, a space and the size (`f644 1234`), or empty: a record
 * without NEW is `removed`, one without OLD is `added`. CONTENT is `=` and what `Entry.content` is, or empty with its entry.
 * So a newline comes after a NUL at the end of a record and nowhere else, whatever names and link targets hold.
 */
import { decodePath, encodePath } from '../host/byte-path.ts';
import { StrataError } from '../protocol/errors.ts';
import type { Change, Entry, EntryType } from './change.ts';

const CHANGES_SCHEMA = 1;
const HEAD = `strata-changes ${CHANGES_SCHEMA}\n`;
/** What ends a record. */
export const RECORD_END = '\0\n';

const LETTERS: Readonly<Record<EntryType, string>> = {
  file: 'f',
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  socket: 's',
  device: 'b',
};
const TYPES = new Map(
  Object.entries(LETTERS).map(([type, letter]) => [letter, type as EntryType] as const),
);

/** The file for changes that are sorted by path bytes. */
export function encodeChanges(changes: readonly Change[]): Buffer {
  const parts: string[] = [HEAD];
  for (const change of changes) {
    const now = change.kind === 'removed' ? undefined : change.entry;
    const old = change.kind === 'added' ? undefined : change.old;
    parts.push(
      `${toByteString(change.path)}\0${encodeEntry(now)}\0${encodeEntry(old)}${RECORD_END}`,
    );
  }
  parts.push(`end ${changes.length}\n`);
  return Buffer.from(parts.join(''), 'latin1');
}

/** The records of a file: its text, one character a byte, and where the first one begins and the last one ends. */
export interface ChangeRecords {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Checks a file's head and end.
 *
 * @param source the file's name, for the error.
 * @throws StrataError `format` where it was cut off or is of another version.
 */
export function openChanges(file: Buffer, source: string): ChangeRecords {
  const text = file.toString('latin1');
  const end = text.lastIndexOf('end ');
  const problem = !text.startsWith('strata-changes ')
    ? 'it is no list of changes'
    : !text.startsWith(HEAD)
      ? `it is of another version: ${text.slice(0, text.indexOf('\n')).slice(0, 40)}`
      : end < HEAD.length || !/^end \d+\n$/.test(text.slice(end))
        ? 'its end is missing'
        : undefined;
  if (problem === undefined) return { text, start: HEAD.length, end };
  throw new StrataError({
    code: 'format',
    operation: `reading ${source}`,
    reason: problem,
    advice: 'remove the snapshot (strata gc) and run its phase again',
  });
}

/** All changes, in their order. */
export function decodeChanges(records: ChangeRecords): Change[] {
  const changes: Change[] = [];
  for (let at = records.start; at < records.end;) {
    const { change, next } = decodeChange(records.text, at);
    changes.push(change);
    at = next;
  }
  return changes;
}

/** The record that begins at an offset, and where the next one begins. */
export function decodeChange(
  text: string,
  at: number,
): { readonly change: Change; readonly next: number } {
  const pathEnd = text.indexOf('\0', at);
  const nowEnd = text.indexOf('\0', pathEnd + 1);
  const contentEnd = text.indexOf('\0', nowEnd + 1);
  const oldEnd = text.indexOf('\0', contentEnd + 1);
  const oldContentEnd = text.indexOf('\0', oldEnd + 1);
  const path = fromByteString(text.slice(at, pathEnd));
  const entry = decodeEntry(text.slice(pathEnd + 1, nowEnd), text.slice(nowEnd + 1, contentEnd));
  const old = decodeEntry(
    text.slice(contentEnd + 1, oldEnd),
    text.slice(oldEnd + 1, oldContentEnd),
  );
  const next = oldContentEnd + RECORD_END.length;
  if (entry !== undefined) {
    return old === undefined
      ? { change: { kind: 'added', path, entry }, next }
      : { change: { kind: 'modified', path, entry, old }, next };
  }
  if (old !== undefined) return { change: { kind: 'removed', path, old }, next };
  throw new StrataError({
    code: 'format',
    operation: 'reading the changes of a snapshot',
    reason: `the record of ${JSON.stringify(path)} is damaged`,
  });
}

/** A path as its bytes, one character each: the order of such strings is the order of the bytes. */
export function toByteString(path: string): string {
  return /[^\0-\x7f]/.test(path) ? encodePath(path).toString('latin1') : path;
}

/** The path that {@link toByteString} was given. */
export function fromByteString(bytes: string): string {
  return /[\x80-\xff]/.test(bytes) ? decodePath(Buffer.from(bytes, 'latin1')) : bytes;
}

function encodeEntry(entry: Entry | undefined): string {
  if (entry === undefined) return '\0';
  const { type, mode, size, content } = entry;
  return `${LETTERS[type]}${mode.toString(8)} ${size}\0=${toByteString(content)}`;
}

function decodeEntry(attributes: string, content: string): Entry | undefined {
  if (attributes === '') return undefined;
  const space = attributes.indexOf(' ');
  return {
    type: TYPES.get(attributes.charAt(0)) ?? 'device',
    size: Number(attributes.slice(space + 1)),
    mode: Number.parseInt(attributes.slice(1, space), 8),
    content: fromByteString(content.slice(1)),
  };
}
