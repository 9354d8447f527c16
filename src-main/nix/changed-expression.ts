/**
 * An expression for the derivation of a file with some of its attributes changed, without an edit of the file: through
 * `overrideAttrs` where the derivation has it, as those of nixpkgs do, and by its own attributes otherwise.
 */
import { nixString } from './nix-string.ts';

/** `true` and `false` are Nix's own; whatever else is a string. */
function valueOf(text: string): string {
  return text === 'true' || text === 'false' ? text : nixString(text);
}

export function changedExpression(
  file: string,
  attribute: string | null,
  changes: ReadonlyMap<string, string>,
  {
    args = [],
    argstrs = [],
  }: {
    readonly args?: readonly (readonly [string, string])[];
    readonly argstrs?: readonly (readonly [string, string])[];
  },
): string {
  const given = [
    ...args.map(([name, expression]) => `${nixString(name)} = (${expression}\n);`),
    ...argstrs.map(([name, text]) => `${nixString(name)} = ${nixString(text)};`),
  ];
  const changed = [...changes].map(([name, text]) => `${nixString(name)} = ${valueOf(text)};`);
  const path = attribute === null ? '' : attributePath(attribute);
  // What Nix does for --arg: a function gets of the arguments those that it names.
  return `
    let
      value = import ${file.startsWith('<') ? file : `(/. + ${nixString(file)})`};
      given = { ${given.join(' ')} };
      named = builtins.intersectAttrs (builtins.functionArgs value) given;
      called = if builtins.isFunction value then value named else value;
      chosen = called${path};
      changes = { ${changed.join(' ')} };
    in
    if chosen ? overrideAttrs then chosen.overrideAttrs (_: changes)
    else derivation (chosen.drvAttrs // changes)`;
}

/** `a.b` as `."a"."b"`; a part may be quoted already. */
function attributePath(attribute: string): string {
  const parts = attribute.match(/"(?:[^"\\]|\\.)*"|[^.]+/g) ?? [];
  return parts.map((part) => `.${part.startsWith('"') ? part : nixString(part)}`).join('');
}
