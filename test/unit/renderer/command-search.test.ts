// What the palette finds: what one has typed, never letters that happen to come in that order.
import { describe, expect, it } from 'vitest';
import {
  searchCommands,
  type SearchedCommand,
} from '../../../src-renderer/palette/command-search.ts';

const commands: readonly SearchedCommand[] = [
  { group: 'Run', label: 'Run', says: '' },
  {
    group: 'Run',
    label: 'Copy the command line',
    says: 'strata build /tmp/set.nix --attr hello --sandbox strict',
  },
  { group: 'buildPhase', label: 'Compare with…', says: '' },
  { group: 'Phases', label: 'Run until buildPhase', says: '' },
  { group: 'Panes', label: 'Go to Shell', says: '' },
  { group: 'Open', label: 'Open the example minute', says: '`--arg units 4` makes it short' },
  { group: 'Runs', label: 'Log of install-fails, failed, 2 min ago', says: 'm1dzaemm8z' },
  { group: 'Window', label: 'Keyboard shortcuts', says: '' },
];

/** From top to bottom, as the palette shows them. */
function found(text: string): readonly string[] {
  return searchCommands(commands, text).flatMap((group) =>
    group.commands.map(({ label }) => label),
  );
}

describe('searching the commands', () => {
  it.each([
    // In this order, but not next to each other: "m1dzaemm8z", "strata … --sandbox", "Copy the command line".
    ['zzzz', []],
    ['stop', []],
    ['break', []],
    ['mystate', []],
    ['compare', ['Compare with…']],
    ['m1dz', ['Log of install-fails, failed, 2 min ago']],
    // The name counts for more than what is said of it, also in another group.
    ['short', ['Keyboard shortcuts', 'Open the example minute']],
    ['UNITS', ['Open the example minute']],
    // Of what is not the name, only the beginning of a word.
    ['nits', []],
    [
      'run',
      [
        'Run',
        'Copy the command line',
        'Run until buildPhase',
        'Log of install-fails, failed, 2 min ago',
      ],
    ],
    ['until run', ['Run until buildPhase']],
    ['phase', ['Run until buildPhase']],
    ['hell', ['Go to Shell', 'Copy the command line']],
    ['go to sh', ['Go to Shell']],
  ])('%s', (text, labels) => expect(found(text)).toStrictEqual(labels));

  it('shows all for no text', () => {
    expect(found(' ')).toHaveLength(commands.length);
  });
});
