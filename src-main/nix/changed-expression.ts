/**
 * An expression for the derivation of a file with some of its attributes changed, without an edit of the file: through
 * `overrideAttrs` where the derivation has it, as those of nixpkgs do, and by its own attributes otherwise.
 */
import { nixString, reachedInFile, type GivenArguments } from './expression.ts';

/** `true` and `false` are Nix's own; whatever else is a string. */
function valueOf(text: string): string {
  return text === 'true' || text === 'false' ? text : nixString(text);
}

/** The attributes that are changed, as a set. */
export function changesSet(changes: ReadonlyMap<string, string>): string {
  const changed = [...changes].map(([name, text]) => `${nixString(name)} = ${valueOf(text)};`);
  return `{ ${changed.join(' ')} }`;
}

export function changedExpression(
  file: string,
  attribute: string | null,
  changes: ReadonlyMap<string, string>,
  options: GivenArguments,
): string {
  return `
    let
      chosen = (${reachedInFile({ file, attribute }, options)}).value;
      changes = ${changesSet(changes)};
    in
    if chosen ? overrideAttrs then chosen.overrideAttrs (_: changes)
    else derivation (chosen.drvAttrs // changes)`;
}
