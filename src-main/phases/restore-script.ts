/** The bash script that brings a fresh shell into a state. */
import { encodePath } from '../host/byte-path.ts';
import { quoteForShell } from '../host/shell-word.ts';
import type { ShellState } from './shell-state.ts';

/**
 * A script to be sourced at the top level of a fresh bash whose environment is empty.
 *
 * The order matters: options that change how functions are read come before functions, the directory before the
 * variables that bash sets on `cd`, and the options that end a shell on an error last.
 */
export function restoreScript(state: ShellState): Buffer {
  const lines = [
    '# The state this shell continues from.',
    // `compat` options would each switch the others off again; posix and restricted are the shell's own.
    ...state.shellOptions
      .split('\n')
      .filter(
        (line) =>
          /^shopt -[su] /.test(line) && !/ (compat|login_shell|restricted_shell)/.test(line),
      )
      .map((line) => `${line} 2>/dev/null || :`),
    ...[...state.functions].map(([name, { text, exported }]) =>
      exported ? `${text}declare -fx -- ${name}` : text.trimEnd(),
    ),
    `umask ${state.umask}`,
    `cd -- ${quoteForShell(state.directory)} || printf 'strata: the directory %s of this state is gone\\n' ${quoteForShell(state.directory)} >&2`,
    `unset -v OLDPWD ${FRESH_VARIABLES.filter((name) => !state.variables.has(name)).join(' ')}`,
    ...[...state.variables.values()].map(({ statement }) => statement),
    state.aliases.trimEnd(),
    state.traps.trimEnd(),
    ...(state.exitTrap === '' ? [] : [`__strata_exit_trap=${quoteForShell(state.exitTrap)}`]),
    ...(state.argv0 === '' ? [] : [`BASH_ARGV0=${quoteForShell(state.argv0)}`]),
    ...state.setOptions
      .split('\n')
      .filter((line) => /^set [-+]o /.test(line) && !INTERACTIVE_OPTIONS.test(line)),
  ];
  return encodePath(lines.join('\n') + '\n');
}

/** What bash sets in an empty environment (5.2, variables.c, `initialize_shell_variables`): a builder may have unset it. */
const FRESH_VARIABLES = [
  'HOSTNAME',
  'HOSTTYPE',
  'IFS',
  'MACHTYPE',
  'OPTERR',
  'OPTIND',
  'OSTYPE',
  'PATH',
  'PS4',
  'SHELL',
  'SHLVL',
  'TERM',
];

/** Options of interactive shells, and `xtrace` and its like which must not start before the last line. */
const INTERACTIVE_OPTIONS =
  / (history|emacs|vi|monitor|notify|interactive-comments|histexpand|functrace)$/;
