/** `strata explain`: why the phase of a run failed, as far as the sandbox has to do with it. */
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { renderExplanation } from '../render/render-explanation.ts';
import { jsonText } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export interface ExplainWish {
  /** `last`, or a run's id. */
  readonly run: string;
  /** How many suspects are tried out at most. */
  readonly trials: number;
  readonly format: 'text' | 'json';
}

export async function explain(front: Front, wish: ExplainWish): Promise<ExitStatus> {
  const { out, err, style, errStyle, strata } = front;
  const interruption = Interruption.listen();
  const found = await withEngine((engine) =>
    engine.explain(wish.run, {
      trials: wish.trials,
      signal: interruption.signal,
      onStep: (text) => err.line(errStyle.dim(`${text} …`)),
    }),
  );
  if (wish.format === 'json') out.line(jsonText(found));
  else out.lines(renderExplanation(found, strata, style));
  return 0;
}
