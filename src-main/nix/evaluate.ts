/** From a target to its derivation, by Nix's own evaluator. */
import { access } from 'node:fs/promises';
import { runTool } from '../host/process.ts';
import type { ToolResult } from '../host/process.ts';
import { StrataError } from '../protocol/errors.ts';
import { EvaluationError } from './evaluation-error.ts';
import { importOf, type GivenArguments } from './expression.ts';
import { flakeDirectory, inOwnFiles } from './flake-sources.ts';
import { changedExpression } from './changed-expression.ts';
import type { Target } from './target.ts';

/** Nix's own options, as they were typed. */
export interface EvaluationOptions extends GivenArguments {
  /** `--option NAME VALUE` */
  readonly options?: readonly (readonly [string, string])[];
  /** `-I PATH` */
  readonly includes?: readonly string[];
  /** `--impure`: flakes may read the environment. Files may, unless the setting `pure-eval` says otherwise. */
  readonly impure?: boolean;
  /** `NIXPKGS_ALLOW_UNFREE=1`, which nixpkgs reads where evaluation is not pure: of a flake with `impure` alone. */
  readonly allowUnfree?: boolean;
  /** Attributes that the derivation is given, without an edit of its expression. Of files alone. */
  readonly changes?: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal | undefined;
}

export interface Evaluated {
  readonly drvPath: string;
  /** What selects it in its file; null where nothing does. */
  readonly attribute: string | null;
}

export const EXPERIMENTAL = ['--extra-experimental-features', 'nix-command flakes'];

/**
 * Instantiates the one derivation that the target names. Leaves no link and no root: what keeps it is to be made by
 * whoever wants it kept.
 *
 * @throws EvaluationError where Nix cannot evaluate it, StrataError `usage` where it is several derivations or none,
 *   `not-found` for a `.drv` that does not exist.
 */
export async function evaluate(
  target: Target,
  options: EvaluationOptions = {},
): Promise<Evaluated> {
  if (target.kind !== 'file' && (options.changes?.size ?? 0) > 0) throw cannotChange(target);
  switch (target.kind) {
    case 'file':
      return evaluateFile(target.file, target.attribute, options);
    case 'flake':
      return evaluateFlake(target.reference, options);
    case 'drv':
      return existingDerivation(target.path);
  }
}

/**
 * The names of the attributes of the set in a file, or of the set that its function gives when called with nothing; none
 * where it is something else. Evaluates no attribute.
 *
 * @throws EvaluationError where the file cannot be evaluated that far.
 */
export async function attributes(
  file: string,
  options: EvaluationOptions = {},
): Promise<readonly string[]> {
  return namesIn(file, options, 'builtins.attrNames called');
}

/** Sets with more attributes are not looked through: each of them is evaluated for that. */
const MOST_LOOKED_AT = 500;

/** Those {@link attributes} that are derivations, or sets of them; all where that cannot be found out. */
async function derivationNames(
  file: string,
  options: EvaluationOptions,
): Promise<readonly string[]> {
  const all = await attributes(file, options);
  if (all.length > MOST_LOOKED_AT) return all;
  const isOne = `name:
    let found = builtins.tryEval (builtins.isAttrs called.\${name}); in
    found.success && found.value`;
  try {
    return await namesIn(file, options, `builtins.filter (${isOne}) (builtins.attrNames called)`);
  } catch (error) {
    // An attribute that cannot be evaluated at all stops the whole.
    if (error instanceof EvaluationError) return all;
    throw error;
  }
}

/** @param names an expression in which `called` is the set of the file */
async function namesIn(
  file: string,
  options: EvaluationOptions,
  names: string,
): Promise<readonly string[]> {
  const expression = `
    let
      value = ${importOf(file)};
      called = if builtins.isFunction value then value { } else value;
    in
    if builtins.isAttrs called then ${names} else [ ]`;
  const { stdout } = await runEvaluator({
    operation: `listing the attributes of ${file}`,
    tool: 'nix-instantiate',
    args: ['--eval', '--strict', '--json', ...commonArguments(options), '--expr', expression],
    signal: options.signal,
  });
  return JSON.parse(stdout.toString('utf8')) as readonly string[];
}

async function evaluateFile(
  file: string,
  attribute: string | null,
  options: EvaluationOptions,
): Promise<Evaluated> {
  const operation = `evaluating ${attribute === null ? file : `${attribute} of ${file}`}`;
  const { changes = new Map<string, string>() } = options;
  const { stdout } = await runEvaluator({
    operation,
    tool: 'nix-instantiate',
    args:
      changes.size === 0
        ? [file, ...(attribute === null ? [] : ['-A', attribute]), ...expressionArguments(options)]
        : [
            '--expr',
            changedExpression(file, attribute, changes, options),
            ...commonArguments(options),
          ],
    env: evaluatorEnvironment(options),
    signal: options.signal,
  });
  // `hello.dev` gives `….drv!dev`: the derivation is what is built.
  const found = new Set(outputLines(stdout).map((line) => line.replace(/!.*$/, '')));
  const [drvPath] = found;
  if (drvPath !== undefined && found.size === 1) return { drvPath, attribute };
  const names = attribute === null ? await derivationNames(file, options) : [];
  throw new StrataError({
    code: 'usage',
    operation,
    reason: found.size === 0 ? 'it has no derivation' : `it has ${found.size} derivations, not one`,
    advice:
      names.length > 0
        ? `choose one with -A: ${names.join(', ')}`
        : 'choose one with -A and its path of attributes',
    choices: names,
  });
}

async function evaluateFlake(reference: string, options: EvaluationOptions): Promise<Evaluated> {
  const operation = `evaluating ${reference}`;
  if ((options.args?.length ?? 0) + (options.argstrs?.length ?? 0) > 0) {
    throw new StrataError({
      code: 'usage',
      operation,
      reason: 'flakes take no arguments',
      advice: 'leave out --arg and --argstr, or name a .nix file',
    });
  }
  const { stdout } = await runEvaluator({
    operation,
    tool: 'nix',
    // Unlike `nix eval REF.drvPath`, this finds what a reference without `#` means, old `defaultPackage` included.
    args: [...EXPERIMENTAL, 'path-info', '--derivation', ...commonArguments(options), reference],
    env: evaluatorEnvironment(options),
    signal: options.signal,
  }).catch(async (error: unknown) => {
    const directory = flakeDirectory(reference);
    if (!(error instanceof EvaluationError) || directory === null) throw error;
    const positions = await inOwnFiles(error.positions, directory);
    throw new EvaluationError(operation, error.output ?? '', error.cause, positions);
  });
  const found = outputLines(stdout);
  const [drvPath] = found;
  if (drvPath?.endsWith('.drv') === true && found.length === 1) {
    return { drvPath, attribute: null };
  }
  throw new StrataError({
    code: 'usage',
    operation,
    reason:
      found.length > 1 ? `it has ${found.length} derivations, not one` : 'it has no derivation',
    advice: 'name one package, as in .#name',
  });
}

function cannotChange(target: Target): StrataError {
  return new StrataError({
    code: 'usage',
    operation: 'evaluating the target',
    reason:
      target.kind === 'drv'
        ? 'a .drv is as it is: its attributes cannot be set'
        : 'attributes cannot be set from outside a flake',
    advice: 'name the .nix file, or edit the expression: overrideAttrs (old: { … })',
  });
}

/** The variables that the evaluator sees. */
export function evaluatorEnvironment({
  allowUnfree,
}: EvaluationOptions): Readonly<Record<string, string | undefined>> {
  return allowUnfree === true ? { ...process.env, NIXPKGS_ALLOW_UNFREE: '1' } : process.env;
}

async function existingDerivation(path: string): Promise<Evaluated> {
  try {
    await access(path);
  } catch (error) {
    throw new StrataError({
      code: 'not-found',
      operation: `opening ${path}`,
      reason: 'there is no such file',
      advice: 'the garbage collector may have removed it; evaluate the expression again',
      cause: error,
    });
  }
  return { drvPath: path, attribute: null };
}

/** Runs Nix; its failure is the evaluation's. */
export async function runEvaluator(call: Parameters<typeof runTool>[0]): Promise<ToolResult> {
  try {
    return await runTool(call);
  } catch (error) {
    if (!(error instanceof StrataError) || error.code !== 'nix') throw error;
    throw new EvaluationError(call.operation, error.output ?? '', error);
  }
}

function expressionArguments(options: EvaluationOptions): readonly string[] {
  return [
    ...(options.args ?? []).flatMap(([name, value]) => ['--arg', name, value]),
    ...(options.argstrs ?? []).flatMap(([name, value]) => ['--argstr', name, value]),
    ...commonArguments(options),
  ];
}

export function commonArguments(options: EvaluationOptions): readonly string[] {
  return [
    ...(options.options ?? []).flatMap(([name, value]) => ['--option', name, value]),
    ...(options.includes ?? []).flatMap((path) => ['-I', path]),
    // Behind the options: of `--option pure-eval true` and this, Nix takes the last.
    ...(options.impure === true ? ['--impure'] : []),
  ];
}

function outputLines(stdout: Buffer): readonly string[] {
  return stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}
