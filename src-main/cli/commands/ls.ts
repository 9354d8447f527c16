/** `strata ls`: the snapshots, the newest first. */
import type { ExitStatus, Front } from '../front.ts';
import { listedJson, renderListing } from '../render/render-listing.ts';
import { jsonArrayLines } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export async function ls(front: Front, format: 'text' | 'json'): Promise<ExitStatus> {
  const { out, style, strata } = front;
  const listing = await withEngine((engine) => engine.list());
  if (format === 'json') out.lines(jsonArrayLines(listing.map(listedJson)));
  else if (listing.length === 0) out.line(`no snapshots yet; a build makes them: ${strata} run`);
  else out.lines(renderListing(listing, Date.now(), style, out.width));
  return 0;
}
