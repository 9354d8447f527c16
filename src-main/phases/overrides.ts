/** Values given with --set, beside what the derivation has: a misspelt name is legal, and changes nothing. */
import type { Override } from '../protocol/run-events.ts';
import { givenValues, type BuildRequest } from './preparation.ts';
import type { ShellState } from './shell-state.ts';
import { similarNames } from './similar-names.ts';
import { SKIP_VARIABLES } from './skipped-phase.ts';

/**
 * @param start what is known of the build before its first phase; its stdenv reads variables that no derivation has to have
 */
export function describeOverrides(
  request: Pick<BuildRequest, 'derivation' | 'overrides'>,
  start: { readonly phases: readonly string[]; readonly state: ShellState | null },
): readonly Override[] {
  const { derivation, overrides } = request;
  if (overrides.size === 0) return [];
  const own = new Set([
    ...Object.keys(givenValues({ derivation, overrides: new Map() })),
    ...derivation.outputs.keys(),
  ]);
  const read = new Set([
    ...SKIP_VARIABLES,
    ...start.phases.flatMap(phaseVariables),
    ...[...(start.state?.functions.values() ?? [])].flatMap(({ text }) => variablesIn(text)),
  ]);
  return [...overrides].map(([name, value]) => ({
    name,
    value,
    effect: own.has(name) ? 'replaces' : 'adds',
    similar: own.has(name) || read.has(name) ? [] : similarNames(name, [...own, ...read]),
  }));
}

/** `buildPhase`, `preBuild`, `postBuild`. */
function phaseVariables(phase: string): readonly string[] {
  const name = phase.replace(/Phase$/, '');
  const capital = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return [phase, `pre${capital}`, `post${capital}`];
}

/** `$dontStrip`, `${dontStrip:-}`; names as short as those of loops are left out. */
function variablesIn(code: string): readonly string[] {
  return [...code.matchAll(/\$\{?[!#]?([A-Za-z_]\w{3,})/g)].map(([, name = '']) => name);
}
