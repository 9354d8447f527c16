/**
 * Going on from an old state under a new derivation.
 *
 * A phase's state holds two kinds of things: what the derivation and its setup gave to the shell, and what phases changed
 * since. When a layer is reused under an edited derivation, the first must be the new derivation's and the second the old
 * run's: a merge with the old initial state as the common ancestor.
 */
import { canonicalVariable, valueText, type Variable } from './declarations.ts';
import type { ShellFunction, ShellState } from './shell-state.ts';

export interface Rebased {
  readonly state: ShellState;
  /**
   * Variables that phases added to, and that are another to begin with now: the phases' result cannot be trusted for them.
   * `state` has the phases' values.
   */
  readonly conflicts: readonly string[];
}

/**
 * The state to go on with under a new derivation.
 *
 * @param reached the state after some phase, in the old run
 * @param before the old run's initial state, from which `reached` came
 * @param now the initial state under the new derivation
 */
export function rebaseState(reached: ShellState, before: ShellState, now: ShellState): Rebased {
  if (before === now) return { state: reached, conflicts: [] };
  const variables = merge([reached.variables, before.variables, now.variables], canonicalVariable);
  const functions = merge(
    [reached.functions, before.functions, now.functions],
    (definition: ShellFunction | undefined) =>
      definition === undefined ? '' : `${definition.exported ? 'x' : '-'}${definition.text}`,
  );
  const conflicts = [...reached.variables.keys()].filter((name) => {
    const [r, b, n] = [reached, before, now].map((state) => state.variables.get(name));
    return canonicalVariable(b) !== canonicalVariable(n) && isAddedTo(valueText(r), valueText(b));
  });
  const text = (pick: (state: ShellState) => string): string =>
    pick(reached) === pick(before) ? pick(now) : pick(reached);
  return {
    state: {
      bash: now.bash,
      bashVersion: now.bashVersion,
      argv0: now.argv0,
      args: now.args,
      directory: reached.directory,
      umask: text((state) => state.umask),
      variables,
      functions,
      shellOptions: text((state) => state.shellOptions),
      setOptions: text((state) => state.setOptions),
      traps: text((state) => state.traps),
      exitTrap: text((state) => state.exitTrap),
      aliases: text((state) => state.aliases),
    },
    conflicts,
  };
}

/** Whether a value looks made of an earlier one, as a list does to which a flag was appended. */
function isAddedTo(value: string, earlier: string): boolean {
  return earlier !== '' && value !== earlier && value.includes(earlier);
}

/** Names that phases changed between two states of one run, sorted: variables and functions. */
export function changedNames(reached: ShellState, before: ShellState): readonly string[] {
  return [
    ...namesThatDiffer(reached.variables, before.variables, canonicalVariable),
    ...namesThatDiffer(reached.functions, before.functions, (definition) => definition?.text ?? ''),
  ].toSorted();
}

/** Whether two states are the same to everything that comes after them. */
export function sameState(a: ShellState, b: ShellState): boolean {
  return (
    changedNames(a, b).length === 0 &&
    a.directory === b.directory &&
    a.umask === b.umask &&
    a.setOptions === b.setOptions &&
    a.shellOptions === b.shellOptions &&
    a.aliases === b.aliases &&
    a.traps === b.traps &&
    a.exitTrap === b.exitTrap
  );
}

function namesThatDiffer<Thing>(
  a: ReadonlyMap<string, Thing>,
  b: ReadonlyMap<string, Thing>,
  canonical: (thing: Thing | undefined) => string,
): string[] {
  const names = new Set([...a.keys(), ...b.keys()]);
  return [...names].filter((name) => canonical(a.get(name)) !== canonical(b.get(name)));
}

function merge<Thing extends Variable | ShellFunction>(
  [reached, before, now]: readonly [
    ReadonlyMap<string, Thing>,
    ReadonlyMap<string, Thing>,
    ReadonlyMap<string, Thing>,
  ],
  canonical: (thing: Thing | undefined) => string,
): ReadonlyMap<string, Thing> {
  const merged = new Map<string, Thing>();
  for (const name of new Set([...reached.keys(), ...now.keys()])) {
    const [r, b, n] = [reached.get(name), before.get(name), now.get(name)];
    const chosen = canonical(r) === canonical(b) ? n : r;
    if (chosen !== undefined) merged.set(name, chosen);
  }
  return merged;
}
