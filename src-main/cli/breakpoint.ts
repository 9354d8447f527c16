/** `--break-before` and `--break-after`: a run that waits between two phases for the person to let it go on. */
import type { Pause } from '../engine/types.ts';
import type { Front } from './front.ts';
import type { Question } from './question.ts';
import { readAtPause, renderPause } from './render/render-pause.ts';

/** Says where the run is and waits for the answer. A program has read the event, and is told nothing more. */
export async function askAtBreakpoint(
  question: Question,
  pause: Pause,
  { out, strata, errStyle }: Front,
  format: 'text' | 'json',
): Promise<'continue' | 'end'> {
  out.flush();
  const says = format === 'json' ? [] : renderPause(pause, strata, errStyle);
  return question.ask(says, readAtPause, 'Enter goes on, q ends');
}
