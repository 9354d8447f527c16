/**
 * The expressions that add a breakpoint to a target without an edit of its file: a hook that pauses a build where it fails.
 *
 * A package that has `overrideAttrs` gets the hook of its package set, `breakpointHook`, or Strata's own where the set has
 * none or cannot be reached. Any other derivation is written down again from its `.drv`, with Strata's own.
 */
import { StrataError } from '../protocol/errors.ts';
import { changesSet } from './changed-expression.ts';
import type { Derivation } from './derivation.ts';
import type { EvaluationOptions } from './evaluate.ts';
import { attributeNames, nixString, nixStrings, reachedInFile } from './expression.ts';
import type { Target } from './target.ts';

/** Strata's own hook, and what runs a builder that knows no hooks: the texts of resources/breakpoint. */
export interface BreakpointTexts {
  readonly hook: string;
  readonly builder: string;
}

/**
 * The expression for a target with `overrideAttrs`: `{ drvPath; hook; }`, where `hook` is the store path of the package
 * set's own hook, or null for Strata's. Null as a whole where the target has no `overrideAttrs`.
 */
export function overriddenExpression(
  target: Exclude<Target, { kind: 'drv' }>,
  options: EvaluationOptions,
  { hook }: BreakpointTexts,
): string {
  const reached =
    target.kind === 'file' ? reachedInFile(target, options) : inFlake(target.reference);
  return `
    let
      reached = ${reached};
      # One that this system cannot have is none.
      hookOf = set:
        let
          found = set.breakpointHook or set.pkgs.breakpointHook or null;
          works = builtins.tryEval (found.type or "" == "derivation" && builtins.isString found.drvPath);
        in
        if works.success && works.value then [ found ] else [ ];
      found = builtins.concatMap hookOf (builtins.filter builtins.isAttrs reached.sets);
      hook = if found == [ ] then null else builtins.head found;
      own = builtins.toFile "strata-breakpoint-hook" ${nixString(hook)};
      held = reached.value.overrideAttrs (old: ${changesSet(options.changes ?? new Map())} // {
        nativeBuildInputs = (old.nativeBuildInputs or [ ]) ++ [ (if hook == null then own else hook) ];
      });
    in
    if reached.value.type or "" == "derivation" && reached.value ? overrideAttrs then {
      inherit (held) drvPath;
      hook = if hook == null then null else hook.outPath;
    } else null`;
}

/** What a flake reference comes to, in the order in which `nix build` looks, and the sets that may have a hook. */
function inFlake(reference: string): string {
  const [flake = '', fragment = ''] = reference.split('#');
  const names = attributeNames(fragment);
  const packages =
    names.length === 0
      ? '[ [ "packages" system "default" ] [ "defaultPackage" system ] ]'
      : `(map (before: before ++ ${nixStrings(names)}) [ [ "packages" system ] [ "legacyPackages" system ] [ ] ])`;
  return `
    let
      flake = builtins.getFlake ${nixString(flake)};
      system = builtins.currentSystem;
      into = set: name: if builtins.isAttrs set then set.\${name} or null else null;
      found = builtins.filter (value: value != null) (map (builtins.foldl' into flake) ${packages});
    in {
      value = if found == [ ] then { } else builtins.head found;
      sets = [
        (flake.legacyPackages.\${system} or null)
        (flake.inputs.nixpkgs.legacyPackages.\${system} or null)
      ];
    }`;
}

export interface Rewritten {
  readonly expression: string;
  /** Whether its builder reads hooks, as nixpkgs' stdenv does; otherwise it is run by one that pauses after it. */
  readonly builder: 'with-hook' | 'wrapped';
}

/**
 * The expression for a derivation as its `.drv` says it, with Strata's own hook.
 *
 * @throws StrataError `usage` for one that Nix builds itself.
 */
export function rewrittenExpression(
  path: string,
  derivation: Derivation,
  texts: BreakpointTexts,
): Rewritten {
  const { outputs, system, builder, args, env } = derivation;
  if (builder.startsWith('builtin:')) {
    throw new StrataError({
      code: 'usage',
      operation: `adding a breakpoint to ${path}`,
      reason: `Nix itself builds it (${builder}): there is no process that could pause`,
      advice: 'build it without: nix-build',
    });
  }
  const json = env.get('__json');
  const withHook = env.has('stdenv') || json?.includes('"stdenv":') === true;
  const shell = /(?:^|\/)(?:ba)?sh$/.test(builder) ? builder : '/bin/sh';
  const run = withHook
    ? { builder, args: nixStrings(args) }
    : {
        builder: shell,
        args: `([ wrapper ] ++ ${nixStrings([shell, builder, ...args])})`,
      };
  const attributes =
    json === undefined
      ? `{ ${plainAttributes(derivation)} }`
      : `(builtins.fromJSON ${nixString(json)} // { __structuredAttrs = true; })`;
  const inputs = !withHook
    ? ''
    : json === undefined
      ? `nativeBuildInputs = "\${attributes.nativeBuildInputs or ""} \${hook}";`
      : 'nativeBuildInputs = (attributes.nativeBuildInputs or [ ]) ++ [ hook ];';
  const expression = `
    let
      hook = builtins.toFile "strata-breakpoint-hook" ${nixString(texts.hook)};
      wrapper = builtins.toFile "strata-breakpoint-builder" ${nixString(texts.builder)};
      attributes = ${attributes};
    in
    { inherit (derivation (attributes // {
      system = ${nixString(system)};
      # The inputs of a derivation are those of all its strings together: one is enough to name them.
      builder = builtins.appendContext ${nixString(run.builder)} { ${context(derivation)} };
      args = ${run.args};
      outputs = ${nixStrings(outputNames(derivation, [...outputs.keys()]))};
      ${inputs}
    })) drvPath; hook = null; }`;
  return { expression, builder: withHook ? 'with-hook' : 'wrapped' };
}

/** The attributes of a derivation whose builder gets them as variables. */
function plainAttributes({ outputs, env }: Derivation): string {
  const attributes = [...env].filter(
    ([name]) => !outputs.has(name) && !['builder', 'system', 'outputs', ...FLAGS].includes(name),
  );
  const flags = FLAGS.filter((name) => (env.get(name) ?? '') !== '');
  return [
    ...attributes.map(([name, value]) => `${nixString(name)} = ${nixString(value)};`),
    ...flags.map((name) => `${name} = true;`),
  ].join(' ');
}

/** What is a boolean to `derivation`. */
const FLAGS = ['__contentAddressed', '__impure'];

/** In the order the package has them, the first being the one that a build leaves as `result`. */
function outputNames({ env }: Derivation, names: readonly string[]): readonly string[] {
  const ordered = env.get('outputs')?.split(' ') ?? names;
  return ordered.length === names.length ? ordered : names;
}

function context({ inputDerivations, inputSources }: Derivation): string {
  return [
    ...Array.from(
      inputDerivations,
      ([path, outputs]) => `${nixString(path)} = { outputs = ${nixStrings(outputs)}; };`,
    ),
    ...inputSources.map((path) => `${nixString(path)} = { path = true; };`),
  ].join(' ');
}
