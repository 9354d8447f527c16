/** What is printed where a build by Nix is held at its failure, and how the answer is read. */
import type { PausedAnswer, PausedBuild } from '../../engine/types.ts';
import { quoteForShell } from '../../host/shell-word.ts';
import type { Style } from '../terminal/style.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import { symbol } from './symbols.ts';

export function renderPausedBuild(
  { name, phase, exitCode, directory, openShell, hindrance }: PausedBuild,
  terminal: 'here' | 'elsewhere',
  style: Style,
): readonly string[] {
  const where = phase === null ? '' : ` in ${shown(phase)}`;
  const how = exitCode === null ? '' : ` with exit code ${exitCode}`;
  const enter =
    openShell === null
      ? [`It cannot be entered: ${hindrance ?? ''}`]
      : terminal === 'here'
        ? []
        : [
            'Enter it from a terminal:',
            '',
            `    ${style.bold(openShell.map(quoteForShell).join(' '))}`,
            '',
          ];
  return [
    `${symbol('held', style)} ${style.bold(shown(name ?? 'the build'))} failed${where}${how} and is paused: its sandbox is still there, with its files.`,
    ...(directory === null ? [] : [`It stands in ${shown(directory)}.`]),
    ...enter,
    renderChoice(openShell !== null && terminal === 'here'),
  ];
}

/** What a build says of itself is no more to be trusted than its log. */
function shown(text: string): string {
  return terminalText(text, 'drop');
}

/** @param shell whether a shell can be opened where this is said */
export function renderChoice(shell: boolean): string {
  return shell
    ? 'Enter opens a shell in it, r builds again, q ends the build.'
    : 'r builds again, q ends the build.';
}

/** Null for anything that is no answer. */
export function readAtPausedBuild(line: string): 'shell' | PausedAnswer | null {
  switch (line.trim().toLowerCase()) {
    case '':
    case 's':
    case 'shell':
      return 'shell';
    case 'r':
    case 'retry':
      return 'retry';
    case 'q':
    case 'quit':
    case 'e':
    case 'end':
      return 'end';
    default:
      return null;
  }
}
