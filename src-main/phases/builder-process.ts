/** The processes of a build: the builder itself, or one phase of it from a state. */
import type { SandboxProcess } from '../sandbox/command.ts';
import { isBash } from './builder-script.ts';
import type { PhaseStyle } from './phase-report.ts';
import { environmentBesideShell, type Preparation } from './preparation.ts';
import { HOOK, PHASE_SCRIPT } from './sandbox-process.ts';
import type { ShellState } from './shell-state.ts';

/** The process that runs the builder itself, with the hook in its shell where it has one. */
export function builderProcess({ environment }: Preparation): SandboxProcess {
  const env = new Map(environment.env);
  if (isBash(environment.builder)) env.set('BASH_ENV', HOOK);
  return { argv: [environment.builder, ...environment.args], env, directory: '/build' };
}

/** The process that runs one phase from a state. */
export function phaseProcess(
  preparation: Preparation,
  state: ShellState,
  style: PhaseStyle,
  phase: string,
  position: 'more' | 'last',
): SandboxProcess {
  return {
    argv: [state.bash, PHASE_SCRIPT, style, phase, position, ...state.args],
    env: environmentBesideShell(preparation),
    directory: '/build',
  };
}
