/** The options that `run` and `plan` share, those of `nix-build`, and the wishes they come to. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { POLICY_KINDS, sandboxPolicy } from '../../engine/sandbox-policy.ts';
import type { BuildWish, NixBuildWish, PolicyKind, WayName } from '../../engine/types.ts';
import { splitPair, type Pair } from './value-pairs.ts';

/** The options of these that take two values. */
export const PAIR_OPTIONS: ReadonlySet<string> = new Set(['--arg', '--argstr', '--option']);

const WAY_NAMES: readonly WayName[] = ['cntr', 'script', 'nsenter'];

const REUSE_MODES = ['strict', 'smart', 'force'] as const;

/** How Nix evaluates, as its own commands have it. */
interface EvaluationWords {
  readonly arg?: readonly Pair[];
  readonly argstr?: readonly Pair[];
  readonly option?: readonly Pair[];
  readonly include?: readonly string[];
  readonly impure?: boolean;
}

/** What is evaluated, and how: what every command with a target has. */
interface EvaluatedOptions extends EvaluationWords {
  readonly attr?: string;
}

export interface NixBuildWords extends EvaluatedOptions {
  readonly set?: ReadonlyMap<string, string>;
  readonly allowUnfree?: boolean;
  readonly check?: boolean;
  readonly keepFailed?: boolean;
  readonly keepGoing?: boolean;
  readonly hold?: boolean;
  readonly enterBy?: WayName;
  /** False with --no-out-link. */
  readonly outLink: string | boolean;
}

export interface BuildOptions extends EvaluationWords {
  readonly attr?: string;
  readonly from?: string;
  readonly until?: string;
  readonly reuse: (typeof REUSE_MODES)[number];
  readonly sandbox?: PolicyKind;
  readonly bind?: readonly string[];
  readonly network?: boolean;
  readonly set?: ReadonlyMap<string, string>;
}

export const TARGET_HELP =
  'a .nix file or a directory with a default.nix (default: the current directory), a flake reference such as .#name, or a .drv';

export const SET_HELP =
  'give the build a variable of this value (doCheck=1), without editing the expression; repeatable';

/** Adds the options to a command. */
export function addBuildOptions(command: Command): Command {
  addTarget(command)
    .optionsGroup('Which phases:')
    .option(
      '--from <phase>',
      'run this phase and all after it; or go on from a kept snapshot: NAME, NAME:PHASE',
    )
    .option('--until <phase>', 'stop after this phase')
    .addOption(
      new Option(
        '--reuse <mode>',
        'what makes a phase run again: a change of anything it can see (strict), of what it uses (smart), or nothing (force)',
      )
        .choices(REUSE_MODES)
        .default('smart'),
    )
    .option('--set <name=value>', SET_HELP, setting)
    .optionsGroup('What the build sees of this machine:')
    .addOption(
      new Option(
        '--sandbox <policy>',
        "as Nix's own sandbox here (strict, the default), with --bind and --network (relaxed), or the whole host (off)",
      ).choices(POLICY_KINDS),
    )
    .option(
      '--bind <hostpath[=inside]>',
      'show a path of this machine, read-only; repeatable',
      appended,
    )
    .option('--network', 'let it use the network');
  return addEvaluationOptions(command);
}

/** Adds what names the target. */
function addTarget(command: Command): Command {
  return command
    .argument('[target]', TARGET_HELP)
    .option('-A, --attr <attr>', 'the attribute to build');
}

/** Adds the options of `nix-build` to a command. */
export function addNixBuildOptions(command: Command): Command {
  const building = addTarget(command)
    .optionsGroup('Building, as nix-build has it:')
    .option('--check', 'build again what is there already, and compare')
    .option('-K, --keep-failed', 'keep the build directory of a failed build')
    .option('-k, --keep-going', 'go on with other builds after a failure')
    .option('--hold', 'pause where the target fails: open a shell there, build again, or end it')
    .addOption(
      new Option(
        '--enter-by <way>',
        'how a paused build is entered, instead of by the first of these that leads there',
      ).choices(WAY_NAMES),
    )
    .option('-o, --out-link <path>', 'the link to the result', 'result')
    .option('--no-out-link', 'make no link to the result')
    .option(
      '--set <name=value>',
      'give the derivation another attribute (doCheck=true, enableParallelBuilding=false), without editing its file; repeatable',
      setting,
    );
  return addEvaluationOptions(building).option(
    '--allow-unfree',
    'evaluate unfree packages of nixpkgs (NIXPKGS_ALLOW_UNFREE=1); a flake needs --impure too',
  );
}

/** Adds the options that Nix's own commands have. */
export function addEvaluationOptions(command: Command): Command {
  return command
    .optionsGroup("Evaluation, as Nix's own commands have it:")
    .option(
      '--arg <name> <expr>',
      'an argument for the expression; repeatable',
      pair('a name and an expression'),
    )
    .option(
      '--argstr <name> <string>',
      'the same, a string; repeatable',
      pair('a name and a string'),
    )
    .option('--option <name> <value>', 'a setting of Nix; repeatable', pair('a name and a value'))
    .option('-I, --include <path>', "an entry of Nix's search path; repeatable", appended)
    .option('--impure', 'let a flake read the environment');
}

/** What the options come to. @throws StrataError `usage` where they contradict each other. */
export function buildWish(target: string | undefined, options: BuildOptions): BuildWish {
  const cwd = process.cwd();
  return {
    ...evaluationWish(target, options),
    from: options.from ?? null,
    until: options.until ?? null,
    reuse: options.reuse,
    policy: sandboxPolicy(
      { sandbox: options.sandbox, binds: options.bind ?? [], network: options.network ?? false },
      { cwd, exists: existsSync },
    ),
    overrides: options.set ?? new Map<string, string>(),
  };
}

/** What of the options says what to evaluate. */
function evaluationWish(
  target: string | undefined,
  options: EvaluatedOptions,
): Pick<BuildWish, 'target' | 'attribute' | 'evaluation'> {
  return {
    target: target ?? null,
    attribute: options.attr ?? null,
    evaluation: evaluationOf(options),
  };
}

/** The same for a build by Nix. */
export function nixBuildWish(target: string | undefined, options: NixBuildWords): NixBuildWish {
  const { outLink, hold = false } = options;
  const { evaluation, ...wish } = evaluationWish(target, options);
  return {
    ...wish,
    evaluation: {
      ...evaluation,
      allowUnfree: options.allowUnfree ?? false,
      changes: options.set ?? new Map<string, string>(),
    },
    mode: options.check === true ? 'check' : 'normal',
    failedDirectory: options.keepFailed === true ? 'keep' : 'remove',
    afterFailure: options.keepGoing === true ? 'go-on' : 'end',
    onFailure: hold ? 'hold' : 'end',
    enterBy: options.enterBy ?? null,
    // What is built with a breakpoint is not the target.
    outLink: typeof outLink === 'string' && !hold ? resolve(outLink) : null,
  };
}

function evaluationOf(options: EvaluationWords): BuildWish['evaluation'] {
  return {
    args: options.arg ?? [],
    argstrs: options.argstr ?? [],
    options: options.option ?? [],
    includes: options.include ?? [],
    impure: options.impure ?? false,
  };
}

/** For an option that may be given again. */
export function appended(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, word];
}

function pair(what: string): (word: string, before?: readonly Pair[]) => readonly Pair[] {
  return (word, before = []) => {
    const values = splitPair(word);
    if (values === null) throw new InvalidArgumentError(`It takes ${what}.`);
    return [...before, values];
  };
}

export function setting(
  word: string,
  before: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const [, name, value] = /^([^=\s]+)=([^]*)$/.exec(word) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('It takes NAME=VALUE, as in --set doCheck=1.');
  }
  return new Map(before).set(name, value);
}
