/** The key of a phase: equal for two phase runs exactly where everything the phase depends on is. */
import { createHash } from 'node:crypto';
import type { BaseFile } from '../sandbox/base.ts';
import { policyText, type Policy } from '../sandbox/policy.ts';
import { endCode } from './build-end.ts';
import type { ShellState } from './shell-state.ts';
import { valueText } from './declarations.ts';
import type { PhaseStyle } from './phase-report.ts';
import { visibleTo, wholeState, type Sights } from './visible.ts';

export type ReuseMode = 'strict' | 'smart';

/** What went into a key: digests by label, so that a later run can say which one changed. */
export type Ingredients = Readonly<Record<string, string>>;

export interface PhaseInputs {
  readonly phase: string;
  readonly style: PhaseStyle;
  /** Names of all phases of the plan. */
  readonly phases: readonly string[];
  /** The state the phase starts from. */
  readonly state: ShellState;
  /** The digest of the parent snapshot's files (contents.ts). */
  readonly parentContents: string;
  readonly policy: Policy;
  /** What the machine's Nix shows in every sandbox, as one text. */
  readonly sandboxPaths: string;
  readonly system: string;
  /** Which scratch outputs the build has: what a program reads of them in its environment is in no code. */
  readonly lineage: string;
  /** Files that Nix lays into the build directory; each counts where the phase can know of it. */
  readonly files: readonly BaseFile[];
  /** Whether the build ends with this phase, and its shell does what it does at its end. */
  readonly endsBuild: boolean;
}

/** Labels that are no variables of the shell. */
export const PARENT_LABEL = 'the files it starts from';
export const POLICY_LABEL = 'sandbox policy';
export const END_LABEL = 'the end of the build';

/** Everything a phase depends on under a reuse mode. */
export function phaseIngredients(inputs: PhaseInputs, mode: ReuseMode): Ingredients {
  // What a builder without phases reads of its environment cannot be known: for it, everything counts.
  const everything = mode === 'strict' || inputs.style === 'whole';
  const sights = everything ? wholeState(inputs.state) : smartSights(inputs);
  const ingredients: Record<string, string> = {
    [PARENT_LABEL]: inputs.parentContents,
    [POLICY_LABEL]: policyText(inputs.policy),
    'sandbox-paths of Nix': digest(inputs.sandboxPaths),
    system: inputs.system,
    outputs: inputs.lineage,
  };
  for (const [label, text] of sights) ingredients[label] = digest(text);
  if (inputs.endsBuild && endCode(inputs.state) !== '') ingredients[END_LABEL] = 'here';
  for (const file of inputs.files) {
    if (everything || knowsFile(sights, inputs.state, file.path)) {
      ingredients[`file ${file.path}`] = digest(file.contents);
    }
  }
  return ingredients;
}

function smartSights({ phase, style, state, phases, files, endsBuild }: PhaseInputs): Sights {
  const atEnd = endsBuild ? [endCode(state)] : [];
  if (style !== 'command') return visibleTo([phase], state, phases, atEnd);
  // `genericBuild` sources the file that buildCommandPath names, or else evaluates buildCommand.
  const path = valueText(state.variables.get('buildCommandPath'));
  const code = files.filter((file) => file.path === path).map(({ contents }) => decode(contents));
  return visibleTo(['buildCommand', 'buildCommandPath'], state, phases, [...code, ...atEnd]);
}

/** The key for a phase with these ingredients, as hexadecimal digits. */
export function phaseKey(phase: string, mode: ReuseMode, ingredients: Ingredients): string {
  const hash = createHash('sha256').update(`strata-key 1\0${phase}\0${mode}\0`);
  for (const label of Object.keys(ingredients).toSorted()) {
    hash.update(`${label}\0${ingredients[label] ?? ''}\0`);
  }
  return hash.digest('hex').slice(0, 40);
}

/**
 * Whether a phase can know of a file: a variable it sees holds its path (`passAsFile`), or, for the files of structured
 * attributes, code it reaches speaks of them.
 */
function knowsFile(sights: Sights, state: ShellState, path: string): boolean {
  // Files of exportReferencesGraph have names of the package's choice, which code can build in any way.
  if (!path.startsWith('/build/.attr')) return true;
  for (const [label, text] of sights) {
    const variable = state.variables.get(label);
    if (label.startsWith('NIX_ATTRS_')) continue;
    if (variable !== undefined && valueText(variable) === path) return true;
    if (path.startsWith('/build/.attrs.') && /NIX_ATTRS_|\.attrs\./.test(text)) return true;
  }
  return false;
}

function decode(contents: string | Uint8Array): string {
  return typeof contents === 'string' ? contents : Buffer.from(contents).toString('latin1');
}

function digest(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
