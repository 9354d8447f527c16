/** `strata plan`: what a run would do, and why. */
import type { BuildWish } from '../../engine/types.ts';
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { overrideRows, renderLabelled } from '../render/render-heading.ts';
import { renderPlan } from '../render/render-plan.ts';
import { plannedJson } from '../render/run-event-json.ts';
import { jsonText } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export async function plan(
  front: Front,
  wish: BuildWish,
  format: 'text' | 'json',
): Promise<ExitStatus> {
  const { out, style } = front;
  const { signal } = Interruption.listen();
  const planned = await withEngine((engine) => engine.plan(wish, signal));
  if (format === 'json') {
    out.line(jsonText(plannedJson(null, planned)));
    return 0;
  }
  const overrides = overrideRows(planned.overrides, style);
  out.lines(renderLabelled([['derivation', planned.derivation], ...overrides], style));
  out.line('');
  out.lines(renderPlan(planned.phases, style, out.width));
  return 0;
}
