/**
 * Planning without running anything. The setup of an edited derivation has not run, so the state it would give is worked
 * out from an earlier run: what setup did not touch is the new derivation's, the rest stays as it was.
 */
import { canonicalVariable, exportedScalar, valueText, type Variable } from './declarations.ts';
import { changedInputs } from './explain-change.ts';
import type { PhaseStore } from './phase-store.ts';
import { environmentState, givenValues, type Preparation } from './preparation.ts';
import {
  SETUP,
  emptyPosition,
  hasPhases,
  knownSetup,
  startFrom,
  wholeStart,
  type Start,
} from './setup.ts';
import type { ShellState } from './shell-state.ts';

/** Where a plan would begin, as well as it can be known beforehand. */
export async function predictStart(store: PhaseStore, preparation: Preparation): Promise<Start> {
  const known = await knownSetup(store, preparation);
  if (known !== null) return known;
  const records = await store.records();
  const earlier = records.find(
    ({ lineage, phase, status }) =>
      lineage === preparation.lineage && phase === SETUP && status === 'succeeded',
  );
  if (earlier !== undefined) {
    const start = startFrom(store, earlier);
    const gave = (await store.given(earlier.id)) ?? {};
    const state = predictState(start.position.state, gave, givenValues(preparation.request));
    const style = start.style === 'phases' && bypassesPhases(state) ? 'command' : start.style;
    return {
      ...start,
      style,
      phases: style === 'phases' ? phaseList(state, start) : start.phases,
      position: { ...start.position, state },
    };
  }
  const { builder, args } = preparation.environment;
  const stdenv = preparation.environment.env.has('stdenv') || preparation.environment.structured;
  if (
    !hasPhases(preparation) &&
    !(stdenv && [builder, ...args].some((word) => word.includes('bash')))
  ) {
    return wholeStart(preparation);
  }
  const state = environmentState(preparation.environment);
  return {
    style: 'phases',
    phases: bypassesPhases(state) ? ['build'] : composePhases(state),
    position: { ...emptyPosition(preparation), state },
    initial: null,
  };
}

/** The state a setup would give, from the state it gave when the derivation gave other values. */
function predictState(
  before: ShellState,
  gave: Readonly<Record<string, string>>,
  gives: Readonly<Record<string, string>>,
): ShellState {
  const variables = new Map<string, Variable>(before.variables);
  for (const name of new Set([...Object.keys(gave), ...Object.keys(gives)])) {
    const [old, now] = [gave[name], gives[name]];
    if (old === now) continue;
    if (now === undefined) variables.delete(name);
    else variables.set(name, replaced(before.variables.get(name), name, now));
  }
  // What follows from the inputs cannot be known before the setup has run: that it differs can.
  for (const input of changedInputs(gave, gives)) {
    const path = variables.get('PATH');
    variables.set(
      'PATH',
      exportedScalar('PATH', `${valueText(path)}:${input}=${gives[input] ?? ''}`),
    );
  }
  return { ...before, variables };
}

/** A variable with another value. Structured values are JSON: equal to nothing a shell holds, which is all that counts. */
function replaced(variable: Variable | undefined, name: string, text: string): Variable {
  const scalar = exportedScalar(name, text);
  if (variable === undefined || variable.value?.kind !== 'scalar') return scalar;
  const same = canonicalVariable(variable) === canonicalVariable(scalar);
  return same ? variable : { ...scalar, attributes: variable.attributes };
}

function bypassesPhases(state: ShellState): boolean {
  return ['buildCommand', 'buildCommandPath'].some(
    (name) => valueText(state.variables.get(name)) !== '',
  );
}

/** The earlier list, unless a variable it is made of has changed. */
function phaseList(state: ShellState, start: Start): readonly string[] {
  const made = PHASE_VARIABLES.every(
    (name) =>
      canonicalVariable(state.variables.get(name)) ===
      canonicalVariable(start.position.state.variables.get(name)),
  );
  if (made) return start.phases;
  // `phases` in the earlier state is the list that was composed then, not the derivation's own.
  const variables = new Map(state.variables);
  if (
    canonicalVariable(variables.get('phases')) ===
    canonicalVariable(start.position.state.variables.get('phases'))
  ) {
    variables.delete('phases');
  }
  return composePhases({ ...state, variables });
}

const PHASE_VARIABLES = [
  'phases',
  'prePhases',
  'preConfigurePhases',
  'preBuildPhases',
  'preInstallPhases',
  'preFixupPhases',
  'preDistPhases',
  'postPhases',
];

/** The list that `genericBuild` composes (nixpkgs pkgs/stdenv/generic/setup.sh, `definePhases`). */
function composePhases(state: ShellState): readonly string[] {
  const words = (name: string): string[] =>
    valueText(state.variables.get(name))
      .split(/\s+/)
      .filter((word) => word !== '');
  const own = words('phases');
  if (own.length > 0) return own;
  return [
    ...words('prePhases'),
    'unpackPhase',
    'patchPhase',
    ...words('preConfigurePhases'),
    'configurePhase',
    ...words('preBuildPhases'),
    'buildPhase',
    'checkPhase',
    ...words('preInstallPhases'),
    'installPhase',
    ...words('preFixupPhases'),
    'fixupPhase',
    'installCheckPhase',
    ...words('preDistPhases'),
    'distPhase',
    ...words('postPhases'),
  ];
}
