/** `strata gc`: frees snapshots by age and by size. Asked for neither, it says what could be freed. */
import type { ExitStatus, Front } from '../front.ts';
import { renderCollection } from '../render/render-collection.ts';
import { formatBytes } from '../terminal/human-units.ts';
import { withEngine } from './opened-engine.ts';

export interface CollectionOptions {
  readonly olderThanDays: number | null;
  readonly maxBytes: number | null;
  readonly dryRun: boolean;
}

/** What is probably no longer wanted, where the person does not say: not used for so many days. */
const OLD_DAYS = 30;

export async function gc(front: Front, options: CollectionOptions): Promise<ExitStatus> {
  const { out, style, strata } = front;
  return withEngine(async (engine) => {
    const { olderThanDays, maxBytes, dryRun } = options;
    if (olderThanDays === null && maxBytes === null) {
      const old = await engine.collect({ olderThanDays: OLD_DAYS, maxBytes, dryRun: true });
      const all = formatBytes(old.keptBytes + old.freedBytes);
      out.line(`snapshots take ${all}; nothing was removed, as neither age nor size was given`);
      out.lines([
        `  ${strata} gc --older-than ${OLD_DAYS}  # would free ${formatBytes(old.freedBytes)}: what was not used for ${OLD_DAYS} days`,
        `  ${strata} gc --max-size 10G   # removes the longest unused until the rest takes no more`,
      ]);
      return 0;
    }
    const report = await engine.collect(options);
    out.lines(renderCollection(report, dryRun ? 'would be done' : 'done', style));
    return 0;
  });
}
