/** What is printed at a breakpoint, and how the answer is read. */
import type { Pause } from '../../engine/types.ts';
import type { Style } from '../terminal/style.ts';
import { readAnswer } from './render-held.ts';
import { symbol } from './symbols.ts';

export function renderPause(
  { run, phase, where, snapshot, reached }: Pause,
  strata: string,
  style: Style,
): readonly string[] {
  const state = reached === null ? snapshot : `${run}:${reached}`;
  return [
    `${symbol('held', style)} paused ${where} ${style.bold(phase)}`,
    ...(state === null
      ? []
      : [
          'A shell here, from another terminal:',
          '',
          `    ${style.bold(`${strata} shell ${state}`)}`,
          '',
        ]),
    'Enter goes on, q ends the run here.',
  ];
}

/** Enter alone goes on, and the words of `--hold` are understood too. Null for anything that is no answer. */
export function readAtPause(line: string): 'continue' | 'end' | null {
  return line.trim() === '' ? 'continue' : readAnswer(line);
}
