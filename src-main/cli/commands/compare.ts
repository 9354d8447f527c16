/** `strata compare`: two runs, phases, snapshots or imported traces side by side. */
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { comparisonJson, renderComparison } from '../render/render-comparison.ts';
import { jsonText } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export interface CompareView {
  readonly format: 'text' | 'json';
  readonly lists: 'short' | 'whole';
}

/** A difference is an answer like any other: the exit status is 0 with and without one. */
export async function compare(
  { out, style }: Front,
  [left, right]: readonly [string, string],
  { format, lists }: CompareView,
): Promise<ExitStatus> {
  const { signal } = Interruption.listen();
  const comparison = await withEngine((engine) => engine.compare(left, right, signal));
  if (format === 'json') out.line(jsonText(comparisonJson(comparison)));
  else out.lines(renderComparison(comparison, { lists, style, width: out.width }));
  return 0;
}
