/** The process of a person's shell in a state: interactive, or for one command. */
import type { SandboxProcess } from '../sandbox/command.ts';
import { isBash } from '../phases/builder-script.ts';
import { SHELL_SCRIPT } from '../phases/sandbox-process.ts';
import { environmentBesideShell, type Preparation } from '../phases/preparation.ts';
import type { ShellState } from '../phases/shell-state.ts';

/** One word is code, as for `sh -c`; several are a command and its arguments, functions of the stdenv included. */
const COMMAND_CODE = `. ${SHELL_SCRIPT}; if (( $# == 1 )); then eval "$1"; else "$@"; fi`;

/**
 * The process for a shell in a state.
 *
 * @param command empty for an interactive shell
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
      : [state.bash, '-c', COMMAND_CODE, 'strata', ...command];
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
