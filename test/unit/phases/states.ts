/** Shell states written by hand: what is not said is as in a shell that has done nothing. */
import type { Variable } from '../../../src-main/phases/declarations.ts';
import type { ShellState } from '../../../src-main/phases/shell-state.ts';

/** A variable: a text, or a list for an array; `x` exports it. */
export type Given = string | readonly string[];

export interface Sketch {
  readonly variables?: Readonly<Record<string, Given>>;
  /** Exported ones. */
  readonly environment?: Readonly<Record<string, Given>>;
  /** Bodies by name. */
  readonly functions?: Readonly<Record<string, string>>;
  readonly exportedFunctions?: Readonly<Record<string, string>>;
  readonly exitTrap?: string;
}

export function state(sketch: Sketch, rest: Partial<ShellState> = {}): ShellState {
  const { variables = {}, environment = {}, functions = {}, exportedFunctions = {} } = sketch;
  return {
    bash: '/bin/bash',
    bashVersion: '5.2.15(1)-release',
    directory: '/build',
    umask: '0022',
    variables: new Map([
      ...Object.entries(variables).map(([name, value]) => [name, variable(value, '')] as const),
      ...Object.entries(environment).map(([name, value]) => [name, variable(value, 'x')] as const),
    ]),
    functions: new Map([
      ...Object.entries(functions).map(
        ([name, body]) => [name, definition(name, body, false)] as const,
      ),
      ...Object.entries(exportedFunctions).map(
        ([name, body]) => [name, definition(name, body, true)] as const,
      ),
    ]),
    shellOptions: '',
    setOptions: '',
    traps: '',
    exitTrap: sketch.exitTrap ?? '',
    aliases: '',
    argv0: 'bash',
    args: [],
    ...rest,
  };
}

function variable(given: Given, attributes: string): Variable {
  return typeof given === 'string'
    ? { attributes, value: { kind: 'scalar', text: given }, statement: given }
    : {
        attributes,
        value: { kind: 'indexed', items: given.map((text, index) => [String(index), text]) },
        statement: given.join(' '),
      };
}

/** As `declare -f` prints it. */
function definition(name: string, body: string, exported: boolean) {
  return { text: `${name} () \n{ \n    ${body}\n}\n`, exported };
}
