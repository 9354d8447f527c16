/** Which phases a stdenv passes over, by its own conditions (nixpkgs pkgs/stdenv/generic/setup.sh, `runPhase`). */
import { valueText } from './declarations.ts';
import type { ShellState } from './shell-state.ts';

/** Passed over where the variable is set to something. */
const UNLESS: Readonly<Record<string, string>> = {
  unpackPhase: 'dontUnpack',
  patchPhase: 'dontPatch',
  configurePhase: 'dontConfigure',
  buildPhase: 'dontBuild',
  installPhase: 'dontInstall',
  fixupPhase: 'dontFixup',
};

/** Passed over where the variable is empty or missing. */
const ONLY_IF: Readonly<Record<string, string>> = {
  checkPhase: 'doCheck',
  installCheckPhase: 'doInstallCheck',
  distPhase: 'doDist',
};

/** The variables that decide it. */
export const SKIP_VARIABLES: readonly string[] = [
  ...Object.values(UNLESS),
  ...Object.values(ONLY_IF),
];

/** Why a phase is passed over, as a clause ("doCheck is not set"); null where it runs. */
export function whySkipped(phase: string, state: ShellState): string | null {
  const set = (name: string): boolean => valueText(state.variables.get(name)) !== '';
  const unless = UNLESS[phase];
  if (unless !== undefined && set(unless)) return `${unless} is set`;
  const onlyIf = ONLY_IF[phase];
  if (onlyIf !== undefined && !set(onlyIf)) return `${onlyIf} is not set`;
  return null;
}
