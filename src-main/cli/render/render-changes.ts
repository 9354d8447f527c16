/** The differences between two snapshots, for people and as JSON. */
import type { Change, Entry } from '../../engine/types.ts';
import { printablePath } from '../../host/byte-path.ts';
import { formatBytes } from '../../protocol/byte-size.ts';
import type { Style } from '../terminal/style.ts';

/** One line a change, then a summary. */
export function* renderChanges(changes: readonly Change[], style: Style): Generator<string> {
  for (const change of changes) yield renderChange(change, style);
  yield changesSummary(changes);
}

export function renderChange(change: Change, style: Style): string {
  const path = printablePath(change.path);
  switch (change.kind) {
    case 'added':
      return line(style.green('A'), path, change.entry, [sizeText(change.entry)], style);
    case 'removed':
      return line(style.red('D'), path, change.old, [sizeText(change.old)], style);
    case 'modified':
      return line(style.yellow('M'), path, change.entry, modifications(change), style);
  }
}

function line(
  letter: string,
  path: string,
  entry: Entry,
  facts: readonly string[],
  style: Style,
): string {
  const shown = facts.filter((fact) => fact !== '');
  const end = entry.type === 'directory' ? '/' : '';
  return `${letter} ${path}${end}${shown.length === 0 ? '' : `  ${style.dim(`(${shown.join(', ')})`)}`}`;
}

function modifications({ entry, old }: Extract<Change, { kind: 'modified' }>): readonly string[] {
  if (entry.type !== old.type) return [`${nameOf(old)} → ${nameOf(entry)}`];
  const size =
    entry.type === 'file' && entry.size !== old.size
      ? `${formatBytes(old.size)} → ${formatBytes(entry.size)}`
      : sizeText(entry);
  // Permissions alone changed: the size says nothing.
  const isSame = entry.content === old.content && entry.size === old.size;
  const mode = entry.mode === old.mode ? '' : `mode ${octal(old.mode)} → ${octal(entry.mode)}`;
  return [isSame ? '' : size, mode];
}

function sizeText(entry: Entry): string {
  switch (entry.type) {
    case 'file':
      return formatBytes(entry.size);
    case 'symlink':
      return `→ ${printablePath(entry.content)}`;
    case 'directory':
      return '';
    case 'fifo':
    case 'socket':
    case 'device':
      return entry.type;
  }
}

function nameOf(entry: Entry): string {
  return entry.type === 'file' ? `file of ${formatBytes(entry.size)}` : entry.type;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** `3 added, 1 modified, 1 removed`, and by how much the files grew. */
export function changesSummary(changes: readonly Change[]): string {
  if (changes.length === 0) return 'no changes';
  const counts = { added: 0, modified: 0, removed: 0 };
  let growth = 0;
  for (const change of changes) {
    counts[change.kind] += 1;
    if (change.kind !== 'removed') growth += change.entry.size;
    if (change.kind !== 'added') growth -= change.old.size;
  }
  const shown = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`);
  const sign = growth < 0 ? '−' : '+';
  return `${shown.join(', ')} (${sign}${formatBytes(Math.abs(growth))})`;
}

/** A change as `strata diff --json` prints it. Sizes are bytes, modes permission bits as numbers; null where there is none. */
export function changeJson(change: Change): object {
  const now = change.kind === 'removed' ? null : change.entry;
  const old = change.kind === 'added' ? null : change.old;
  return {
    path: change.path,
    kind: change.kind,
    type: (now ?? old)?.type ?? null,
    size: now?.size ?? null,
    oldSize: old?.size ?? null,
    mode: now?.mode ?? null,
    oldMode: old?.mode ?? null,
  };
}
