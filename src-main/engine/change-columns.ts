/** Changes as columns: a hundred thousand of them are written and read in a blink. */
import type { Changes } from '../protocol/methods.ts';
import type { Change, Entry, EntryType } from '../snapshots/change.ts';

const KIND = { added: 'A', modified: 'M', removed: 'R' } as const;

const TYPE: Readonly<Record<EntryType, string>> = {
  file: 'f',
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  socket: 's',
  device: 'c',
};

/** The type is that of what is there now, or of what was removed. */
export function changeColumns(
  from: string | null,
  to: string,
  changes: readonly Change[],
): Changes {
  const fresh = changes.map((change) => (change.kind === 'removed' ? null : change.entry));
  const old = changes.map((change) => (change.kind === 'added' ? null : change.old));
  return {
    from,
    to,
    paths: changes.map(({ path }) => path),
    kinds: changes.map(({ kind }) => KIND[kind]).join(''),
    types: changes.map((_, at) => TYPE[(fresh[at] ?? old[at])?.type ?? 'file']).join(''),
    sizes: fresh.map((entry) => entry?.size ?? -1),
    oldSizes: old.map((entry) => entry?.size ?? -1),
    modes: fresh.map((entry) => entry?.mode ?? -1),
    oldModes: old.map((entry) => entry?.mode ?? -1),
    links: changes.flatMap((_, at): Changes['links'] => {
      const [before, now] = [linkTarget(old[at]), linkTarget(fresh[at])];
      return before === null && now === null ? [] : [[at, before, now]];
    }),
  };
}

function linkTarget(entry: Entry | null | undefined): string | null {
  return entry?.type === 'symlink' ? entry.content : null;
}
