/** What `strata gc` freed, or would free. */
import type { CollectionReport } from '../../engine/types.ts';
import { formatBytes } from '../terminal/human-units.ts';
import type { Style } from '../terminal/style.ts';

export function renderCollection(
  { removed, freedBytes, keptBytes }: CollectionReport,
  tense: 'done' | 'would be done',
  style: Style,
): readonly string[] {
  const kept = `snapshots take ${formatBytes(keptBytes)}`;
  if (removed.length === 0) return [`nothing to remove; ${kept}`];
  const sizes = removed.map(({ bytes }) => formatBytes(bytes));
  const width = Math.max(...sizes.map((size) => size.length));
  const verb = tense === 'done' ? 'removed' : 'would remove';
  const freed = tense === 'done' ? 'freed' : 'would free';
  const what = removed.length === 1 ? '1 snapshot' : `${removed.length} snapshots`;
  return [
    ...removed.map(
      ({ id, phase, run }, index) =>
        `${verb} ${style.blue(id)}  ${(sizes[index] ?? '').padStart(width)}  ${phase} ${style.dim(`of run ${run}`)}`,
    ),
    `${freed} ${formatBytes(freedBytes)} in ${what}; ${tense === 'done' ? kept : `then ${kept}`}`,
  ];
}
