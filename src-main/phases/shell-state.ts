/**
 * The state of a builder's shell between two phases, as resources/hooks/hook.bash writes it (`strata-state 1`): texts that
 * each end in NUL. Variables are in the words of bash's own `declare -p`, functions in those of `declare -f`.
 */
import { decodePath, encodePath } from '../host/byte-path.ts';
import { StrataError } from '../protocol/errors.ts';
import { parseDeclarations, type Variable } from './declarations.ts';

export interface ShellFunction {
  /** The definition, as `declare -f` prints it: without comments, in bash's own layout. */
  readonly text: string;
  /** Whether children that are bash see it (`export -f`). */
  readonly exported: boolean;
}

export interface ShellState {
  /** The program that ran the builder, as a path inside the sandbox. */
  readonly bash: string;
  readonly bashVersion: string;
  readonly directory: string;
  /** Octal, as `umask` prints it. */
  readonly umask: string;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly functions: ReadonlyMap<string, ShellFunction>;
  /** `shopt -s NAME` and `shopt -u NAME`, one a line. */
  readonly shellOptions: string;
  /** `set -o NAME` and `set +o NAME`, one a line. */
  readonly setOptions: string;
  /** `trap -- … SIGNAL` lines, that of EXIT excepted. */
  readonly traps: string;
  /** What the builder wants done when its shell exits; the empty string for nothing. */
  readonly exitTrap: string;
  readonly aliases: string;
  readonly argv0: string;
  readonly args: readonly string[];
}

const HEADER = 'strata-state 1';

/**
 * Bash's own variables: read-only ones, those that mean another thing in each process, and those that only mirror
 * something else (bash 5.2, "Shell Variables"). They are no part of the state.
 */
const BASH_OWN = new Set([
  '_',
  'BASH',
  'BASHOPTS',
  'BASHPID',
  'BASH_ALIASES',
  'BASH_ARGC',
  'BASH_ARGV',
  'BASH_ARGV0',
  'BASH_CMDS',
  'BASH_COMMAND',
  'BASH_ENV',
  'BASH_EXECUTION_STRING',
  'BASH_LINENO',
  'BASH_LOADABLES_PATH',
  'BASH_MONOSECONDS',
  'BASH_REMATCH',
  'BASH_SOURCE',
  'BASH_SUBSHELL',
  'BASH_TRAPSIG',
  'BASH_VERSINFO',
  'BASH_VERSION',
  'COMP_WORDBREAKS',
  'DIRSTACK',
  'EPOCHREALTIME',
  'EPOCHSECONDS',
  'EUID',
  'FUNCNAME',
  'GROUPS',
  'HISTCMD',
  'LINENO',
  'PIPESTATUS',
  'PPID',
  'RANDOM',
  'SECONDS',
  'SHELLOPTS',
  'SRANDOM',
  'UID',
]);

function isOurs(name: string): boolean {
  return name.startsWith('__strata_') || name === 'trap';
}

/**
 * Reads a dumped state.
 *
 * @throws StrataError `format` where it was not written to its end, or by another version.
 */
export function parseShellState(bytes: Uint8Array): ShellState {
  const fields = decodePath(bytes).split('\0');
  let at = 0;
  const next = (): string => {
    const field = fields[at];
    if (field === undefined) throw unreadable('it ends too early');
    at += 1;
    return field;
  };
  if (next() !== HEADER) throw unreadable(`it does not begin with "${HEADER}"`);
  const [bash, bashVersion, directory, umask] = [next(), next(), next(), next()];
  const variables = parseDeclarations(next());
  const shellOptions = next();
  const setOptions = next();
  const traps = next();
  const exitTrap = next();
  const aliases = next();
  const argv0 = next();
  const count = Number(next());
  const args = Array.from({ length: count }, next);
  const functions = new Map<string, ShellFunction>();
  for (let text = next(); text !== 'end'; text = next()) {
    const attributes = next();
    const name = /^declare -\S+ (.*)$/m.exec(attributes)?.[1];
    if (name === undefined) throw unreadable(`a function has no name: ${attributes}`);
    if (!isOurs(name)) {
      functions.set(name, { text, exported: /^declare -\S*x/.test(attributes) });
    }
  }
  return {
    bash,
    bashVersion,
    directory,
    umask: umask.trim(),
    variables: new Map([...variables].filter(([name]) => !BASH_OWN.has(name) && !isOurs(name))),
    functions,
    shellOptions,
    setOptions,
    traps: traps
      .split(/(?<=\n)(?=trap -- )/)
      .filter((trap) => !/ (EXIT|DEBUG)\n$/.test(trap))
      .join(''),
    exitTrap,
    aliases,
    argv0,
    args,
  };
}

function unreadable(reason: string): StrataError {
  return new StrataError({
    code: 'format',
    operation: 'reading the state of a phase',
    reason: `the state is not whole: ${reason}`,
    advice: 'run the phase again: strata run --from PHASE',
  });
}

/** The bytes from which {@link parseShellState} reads a state again. */
export function shellStateBytes(state: ShellState): Buffer {
  const declarations = [...state.variables.values()].map(({ statement }) => `${statement}\n`);
  const functions = [...state.functions].flatMap(([name, { text, exported }]) => [
    text,
    `declare ${exported ? '-fx' : '-f'} ${name}\n`,
  ]);
  const fields = [
    HEADER,
    state.bash,
    state.bashVersion,
    state.directory,
    state.umask,
    declarations.join(''),
    state.shellOptions,
    state.setOptions,
    state.traps,
    state.exitTrap,
    state.aliases,
    state.argv0,
    String(state.args.length),
    ...state.args,
    ...functions,
    'end',
  ];
  return encodePath(fields.map((field) => `${field}\0`).join(''));
}
