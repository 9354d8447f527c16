/** What `strata gc` freed, or would free. */
import type { Collected, CollectionReport } from '../../engine/types.ts';
import { formatBytes } from '../../protocol/byte-size.ts';
import type { Style } from '../terminal/style.ts';

export function renderCollection(
  { removed, freedBytes, leftBytes }: CollectionReport,
  tense: 'done' | 'would be done',
  style: Style,
): readonly string[] {
  const left = `snapshots take ${formatBytes(leftBytes)}`;
  if (removed.length === 0) return [`nothing to remove; ${left}`];
  const sizes = removed.map(({ bytes }) => formatBytes(bytes));
  const width = Math.max(...sizes.map((size) => size.length));
  const verb = tense === 'done' ? 'removed' : 'would remove';
  const freed = tense === 'done' ? 'freed' : 'would free';
  const what = removed.length === 1 ? '1 snapshot' : `${removed.length} snapshots`;
  return [
    ...removed.map((snapshot, index) => {
      const { id, phase, run } = snapshot;
      const byHand = snapshot.status === 'kept' ? `  ${style.yellow(keptName(snapshot))}` : '';
      return `${verb} ${style.blue(id)}  ${(sizes[index] ?? '').padStart(width)}  ${phase} ${style.dim(`of run ${run}`)}${byHand}`;
    }),
    `${freed} ${formatBytes(freedBytes)} in ${what}; ${tense === 'done' ? left : `then ${left}`}`,
  ];
}

/** The states made by hand that stay, and what lets them go; nothing where there are none. */
export function renderKept({ kept }: CollectionReport, strata: string): readonly string[] {
  const { snapshots, bytes } = kept;
  if (snapshots.length === 0) return [];
  const [count, them] =
    snapshots.length === 1
      ? ['1 kept snapshot stays', 'it']
      : [`${snapshots.length} kept snapshots stay`, 'them'];
  const shown = snapshots.slice(0, MOST_NAMES).map(({ name, id }) => name ?? id);
  const more = snapshots.length - shown.length;
  const names = `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return [
    `${count}, ${formatBytes(bytes)} with all that is needed for ${them}: ${names}`,
    `  ${strata} gc --kept, with an age or a size, lets go of ${them} too`,
  ];
}

/** How many kept snapshots are named before it says "and N more". */
const MOST_NAMES = 5;

function keptName({ name }: Collected): string {
  return name === null ? 'made by hand' : `kept as ${name}`;
}
