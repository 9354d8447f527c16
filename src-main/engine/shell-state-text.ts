/** A shell's state as texts that can be shown and compared line by line. */
import type { Variable } from '../phases/declarations.ts';
import type { ShellState } from '../phases/shell-state.ts';

export interface ShellStateText {
  /** Sorted by name; arrays one element a line. */
  readonly variables: [string, string][];
  readonly functions: [string, string][];
  readonly directory: string;
}

export function shellStateText(state: ShellState): ShellStateText {
  return {
    variables: sorted([...state.variables].map(([name, variable]) => [name, text(variable)])),
    functions: sorted([...state.functions].map(([name, definition]) => [name, definition.text])),
    directory: state.directory,
  };
}

function text({ value }: Variable): string {
  if (value === null) return '';
  switch (value.kind) {
    case 'scalar':
      return value.text;
    case 'indexed':
      return value.items.map(([, element]) => element).join('\n');
    case 'associative':
      return value.items.map(([key, element]) => `[${key}]=${element}`).join('\n');
  }
}

function sorted(pairs: [string, string][]): [string, string][] {
  return pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
