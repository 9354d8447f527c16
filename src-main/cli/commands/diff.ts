/** `strata diff`: what a snapshot changed, or what differs between two. */
import type { ExitStatus, Front } from '../front.ts';
import { changeJson, renderChanges } from '../render/render-changes.ts';
import { jsonArrayLines } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export async function diff(
  front: Front,
  snapshot: string,
  other: string | null,
  format: 'text' | 'json',
): Promise<ExitStatus> {
  const { changes } = await withEngine((engine) => engine.diff(snapshot, other));
  if (format === 'json') front.out.lines(jsonArrayLines(changes.map(changeJson)));
  else front.out.lines(renderChanges(changes, front.style));
  return 0;
}
