/** What `--hold` prints at a failure, and how it reads the answer. */
import type { HeldSandbox } from '../../engine/types.ts';
import { quoteForShell } from '../../host/shell-word.ts';
import type { Style } from '../terminal/style.ts';
import { symbol } from './symbols.ts';

export function renderHeld({ phase, attach }: HeldSandbox, style: Style): readonly string[] {
  return [
    `${symbol('held', style)} ${style.bold(phase)} failed and is held: its sandbox is still there, with its files and processes.`,
    'Enter it from another terminal:',
    '',
    `    ${style.bold(attach.map(quoteForShell).join(' '))}`,
    '',
    'Then type here: "continue" to go on as if the phase had succeeded, "end" to end the run.',
  ];
}

/** Null for anything that is no answer. */
export function readAnswer(line: string): 'continue' | 'end' | null {
  switch (line.trim().toLowerCase()) {
    case 'continue':
    case 'c':
      return 'continue';
    case 'end':
    case 'e':
    case 'quit':
    case 'q':
      return 'end';
    default:
      return null;
  }
}
