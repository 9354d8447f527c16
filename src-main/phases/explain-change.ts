/** One line that says why a phase runs: what differs between the last time it ran and now. */
import { END_LABEL, PARENT_LABEL, POLICY_LABEL, type Ingredients } from './phase-key.ts';

/** How many names a line holds before it says "and N more". */
const MOST_NAMES = 3;

/** Attributes that list what a derivation is built with: changing them moves PATH, NIX_CFLAGS_COMPILE and their like. */
const INPUT_ATTRIBUTE = /Inputs$|^deps[A-Z]|^stdenv$|^initialPath$/i;

/** The names of the input lists that differ between what two derivations give to their builders. */
export function changedInputs(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return names
    .filter((name) => INPUT_ATTRIBUTE.test(name) && before[name] !== now[name])
    .toSorted();
}

/**
 * Why the result of `before` cannot stand for `now`, as a clause: "postInstall changed".
 *
 * What the person can have changed comes first; that the files differ is said where nothing else does.
 *
 * @param inputs the input lists that changed: they are the cause where variables that tools read did
 */
export function explainChange(
  before: Ingredients,
  now: Ingredients,
  inputs: readonly string[] = [],
): string {
  const labels = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const different = labels.filter((label) => before[label] !== now[label]).toSorted(byInterest);
  const told = different.filter((label) => label !== PARENT_LABEL);
  if (told.length === 0) {
    return different.length === 0 ? 'its last result is gone' : `${PARENT_LABEL} changed`;
  }
  const policy = told.includes(POLICY_LABEL)
    ? [
        `the ${POLICY_LABEL} changed from ${before[POLICY_LABEL] ?? '?'} to ${now[POLICY_LABEL] ?? '?'}`,
      ]
    : [];
  // Code that changed reaches other functions, and those are no news.
  const isCode = told.some((label) => rank(label) === 0);
  const isDerived = (label: string): boolean =>
    (inputs.length > 0 && rank(label) === 3) ||
    (isCode && rank(label) === 2 && !(label in before && label in now)) ||
    (label === END_LABEL && told.length > 1);
  const rest = [
    ...inputs.filter((name) => !told.includes(name)),
    ...told.filter((label) => label !== POLICY_LABEL && !isDerived(label)),
  ];
  const clauses = [
    ...policy,
    ...rest.slice(0, MOST_NAMES).map((label) => clause(label, before, now)),
  ];
  const more = rest.length - MOST_NAMES;
  return more > 0 ? `${clauses.join(', ')} and ${more} more` : clauses.join(', ');
}

function clause(label: string, before: Ingredients, now: Ingredients): string {
  if (label === END_LABEL)
    return label in now ? 'the build ends here' : 'the build goes on after it';
  if (before[label] === undefined && now[label] !== undefined) return `${label} is new`;
  if (now[label] === undefined && before[label] !== undefined) return `${label} is gone`;
  return `${label} changed`;
}

/** Variables in the order people write them down: their own code and attributes before what follows from them. */
function byInterest(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function rank(label: string): number {
  if (label.startsWith('function ')) return 2;
  if (/^(pre|post)[A-Z]|Phase$|Hooks?$/.test(label)) return 0;
  if (/^[a-z]/.test(label) && !label.includes(' ')) return 1;
  return 3;
}
