/** `--hold`: a failed phase whose sandbox is alive, and the person who decides what becomes of it. */
import type { HeldSandbox } from '../engine/types.ts';
import type { Front } from './front.ts';
import type { Question } from './question.ts';
import { readAnswer, renderHeld } from './render/render-held.ts';

/** Says how to enter the sandbox and waits for the answer. */
export async function askAtFailure(
  question: Question,
  held: HeldSandbox,
  { errStyle }: Front,
): Promise<'continue' | 'end'> {
  return question.ask(renderHeld(held, errStyle), readAnswer, 'type "continue" or "end"');
}
