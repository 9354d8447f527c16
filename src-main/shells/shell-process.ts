/** The process of a person's shell in a state: interactive, or for one command. */
import { quoteForShell } from '../host/shell-word.ts';
import { encodePath } from '../host/byte-path.ts';
import type { SandboxProcess } from '../sandbox/command.ts';
import { isBash } from '../phases/builder-script.ts';
import { COMMAND_SCRIPT, SHELL_SCRIPT } from '../phases/sandbox-process.ts';
import { environmentBesideShell, type Preparation } from '../phases/preparation.ts';
import type { ShellState } from '../phases/shell-state.ts';

/**
 * The script that runs a command in a state. One word is code, as for `sh -c`; several are a command and its arguments,
 * functions of the stdenv included.
 *
 * It is a script of its own, as where bash (5.2) evaluates code given with `-c` or to `eval`, and an error ends it within
 * a function, it says "pop_var_context: head of shell_variables not a function context".
 */
export function commandScript(command: readonly string[]): Buffer {
  const [only = '', ...rest] = command;
  const code = rest.length === 0 ? only : command.map(quoteForShell).join(' ');
  return encodePath(`. ${SHELL_SCRIPT}\n${code}\n`);
}

/**
 * The process for a shell in a state.
 *
 * @param command empty for an interactive shell; else its {@link commandScript} is in the control directory
 */
export function shellProcess(
  preparation: Preparation,
  state: ShellState,
  command: readonly string[],
): SandboxProcess {
  if (!isBash(state.bash)) return plainShell(preparation, command);
  const env = new Map([...environmentBesideShell(preparation), ['TERM', 'xterm-256color']]);
  const argv: SandboxProcess['argv'] =
    command.length === 0
      ? [state.bash, '--noprofile', '--rcfile', SHELL_SCRIPT, '-i']
      : [state.bash, COMMAND_SCRIPT];
  return { argv, env, directory: '/build' };
}

/** A builder that is no bash leaves no state: the shell gets its environment, and is what every sandbox has at most. */
function plainShell({ environment }: Preparation, command: readonly string[]): SandboxProcess {
  const code =
    command.length === 1 ? ['-c', command[0] ?? ''] : ['-c', '"$@"', 'strata', ...command];
  return {
    argv: ['/bin/sh', ...(command.length === 0 ? ['-i'] : code)],
    env: environment.env,
    directory: '/build',
  };
}
