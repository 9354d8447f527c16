/** The end of a build: with which phase it comes, and what the builder's shell still does then. */
import { valueText } from './declarations.ts';
import type { ShellState } from './shell-state.ts';
import { whySkipped } from './skipped-phase.ts';

/** Whether the build ends with the phase at `index`: all that follow are passed over. */
export function endsBuild(phases: readonly string[], index: number, state: ShellState): boolean {
  return phases.slice(index + 1).every((phase) => whySkipped(phase, state) !== null);
}

/**
 * The code of the builder's EXIT trap, which runs at the end of the build; the empty string where it does nothing. That of
 * the stdenv, `exitHandler`, runs `exitHook` (nixpkgs pkgs/stdenv/generic/setup.sh).
 */
export function endCode({ exitTrap, variables, functions }: ShellState): string {
  if (exitTrap.trim() !== 'exitHandler') return exitTrap;
  const hasHook =
    functions.has('exitHook') ||
    ['exitHook', 'exitHooks'].some((name) => valueText(variables.get(name)) !== '');
  return hasHook ? exitTrap : '';
}
