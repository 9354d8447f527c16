/** `strata gc`: frees snapshots by age and by size. Asked for neither, it says what could be freed. */
import type { CollectionWish } from '../../engine/types.ts';
import type { ExitStatus, Front } from '../front.ts';
import { renderCollection, renderKept } from '../render/render-collection.ts';
import { formatBytes } from '../../protocol/byte-size.ts';
import { withEngine } from './opened-engine.ts';

/** What is probably no longer wanted, where the person does not say: not used for so many days. */
const OLD_DAYS = 30;

export async function gc(front: Front, wish: CollectionWish): Promise<ExitStatus> {
  const { out, style, strata } = front;
  return withEngine(async (engine) => {
    const { olderThanDays, maxBytes, kept, dryRun } = wish;
    if (olderThanDays === null && maxBytes === null) {
      const old = await engine.collect({ ...wish, olderThanDays: OLD_DAYS, dryRun: true });
      const all = formatBytes(old.leftBytes + old.freedBytes);
      const too = kept === 'stay' ? '' : ' --kept';
      out.line(`snapshots take ${all}; nothing was removed, as neither age nor size was given`);
      out.lines([
        `  ${strata} gc --older-than ${OLD_DAYS}${too}  # would free ${formatBytes(old.freedBytes)}: what was not used for ${OLD_DAYS} days`,
        `  ${strata} gc --max-size 10G${too}   # removes the longest unused until the rest takes no more`,
      ]);
      if (kept === 'stay') out.lines(renderKept(old, strata));
      return 0;
    }
    const report = await engine.collect(wish);
    out.lines(renderCollection(report, dryRun ? 'would be done' : 'done', style));
    if (kept === 'stay') out.lines(renderKept(report, strata));
    return 0;
  });
}
