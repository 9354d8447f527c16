/**
 * A build by Nix of what a person names: evaluated here, so that its errors have their places, then built by Nix. Where it
 * pauses at a failure, with a breakpoint of its own or one that is added, a person is asked what is to become of it. The
 * build ends with the signal, whatever it waits for: nothing is left paused.
 */
import { constants, readFileSync } from 'node:fs';
import { access, lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findProgram } from '../host/programs.ts';
import { readDerivation } from '../nix/aterm.ts';
import type { BuildLog, LineSink } from '../nix/build-log.ts';
import type { NixBuild } from '../nix/build.ts';
import { evaluateWithBreakpoint, type PausingDerivation } from '../nix/evaluate-breakpoint.ts';
import { evaluate, type EvaluationOptions } from '../nix/evaluate.ts';
import { ignoredSettings, type IgnoredSetting } from '../nix/ignored-settings.ts';
import { faultOf } from '../nix/failure-message.ts';
import type { Target } from '../nix/target.ts';
import { breakpointFile } from '../phases/hook-files.ts';
import { StrataError, assertNever } from '../protocol/errors.ts';
import type { WayName } from '../shells/attach-ways.ts';
import { findPausedBuild, type PausedBuild } from './paused-build.ts';
import { WatchedBuild } from './watched-build.ts';

export { faultOf };

/** What a person wants Nix to build, and how. */
export interface NixBuildWish {
  /** As typed; null for the default. */
  readonly target: string | null;
  readonly attribute: string | null;
  readonly evaluation: Omit<EvaluationOptions, 'signal'>;
  /** `check`: build again what is there already, and compare. */
  readonly mode: 'normal' | 'check';
  readonly failedDirectory: 'remove' | 'keep';
  readonly afterFailure: 'end' | 'go-on';
  /** `hold`: a breakpoint is added to the target, not to its file. That makes it another derivation, with other outputs. */
  readonly onFailure: 'end' | 'hold';
  /** The one way to enter a paused build by; null for the first that leads there. */
  readonly enterBy: WayName | null;
  /** The link that roots the result; null for none. */
  readonly outLink: string | null;
}

/** As `--option NAME VALUE` gives them to Nix. */
type Settings = readonly (readonly [string, string])[];

export type PausedAnswer = 'end' | 'retry';

export interface NixBuildHooks {
  /**
   * Called with the derivation's store path, before it is built: again after each answer `retry`. `plain` is the target's own,
   * another one where a breakpoint is added.
   */
  readonly onEvaluated: (derivation: string, plain: string) => void;
  /** Gets every line of every builder. */
  readonly sink: LineSink;
  /** Called after each piece of the log that Nix has written: often. */
  readonly onChange: (log: BuildLog) => void;
  /** Told of what is no part of the log, in a sentence. */
  readonly onNote: (text: string) => void;
  /**
   * Asked at a failure that waits. `over` fires where the build ends before there is an answer. `problem` is why it could not be
   * built again, as was answered before; null as a rule.
   */
  readonly onPaused: (
    paused: PausedBuild,
    over: AbortSignal,
    problem: StrataError | null,
  ) => Promise<PausedAnswer>;
  /** Called where all begins anew, with a log of its own. */
  readonly onAgain: () => void;
  readonly signal: AbortSignal;
}

export interface NixBuildResult extends NixBuild {
  readonly derivation: string;
  /** The target's own, where that is another one for its breakpoint. */
  readonly plain: string;
  /** A failure that waited: for a person who ended it, or until it ended by itself. Null where none did. */
  readonly paused: { readonly build: PausedBuild; readonly endedBy: 'person' | 'itself' } | null;
  /** What the daemon did not take from this user. */
  readonly ignored: readonly IgnoredSetting[];
}

/**
 * Builds. A build that fails is a result.
 *
 * @param caches the settings of the binary caches in use
 * @throws EvaluationError, StrataError `usage` for a wish that contradicts itself or a derivation that cannot pause, and what
 *   `build` throws.
 */
export async function nixBuild(
  target: Target,
  wish: NixBuildWish,
  caches: Settings,
  hooks: NixBuildHooks,
): Promise<NixBuildResult> {
  if (wish.onFailure === 'hold' && wish.mode === 'check') {
    throw new StrataError({
      code: 'usage',
      operation: 'building with Nix',
      reason:
        'there is nothing to check of a build that is held: with its breakpoint it is another derivation',
      advice: 'choose one of --hold and --check',
    });
  }
  await checkWay(wish.enterBy);
  if (wish.outLink !== null) await checkLink(wish.outLink);
  for (;;) {
    const end = await attempt(target, wish, caches, hooks);
    if (end !== 'retry') return end;
    hooks.onAgain();
  }
}

/** Better before a build of an hour than at its failure. @throws StrataError `environment`. */
async function checkWay(enterBy: WayName | null): Promise<void> {
  // The script is the hook's own.
  if (enterBy === null || enterBy === 'script') return;
  if ((await findProgram(enterBy, process.env['PATH'])) !== null) return;
  throw new StrataError({
    code: 'environment',
    operation: `entering a paused build by ${enterBy}`,
    reason: `${enterBy} is not on PATH`,
    advice: 'install it, or leave out --enter-by: the first way that leads there is taken',
  });
}

async function attempt(
  target: Target,
  wish: NixBuildWish,
  caches: Settings,
  hooks: NixBuildHooks,
): Promise<NixBuildResult | 'retry'> {
  const { signal, onNote, onPaused } = hooks;
  const { drvPath: derivation, plain, hook } = await evaluated(target, wish, hooks);
  hooks.onEvaluated(derivation, plain);
  const watched = new WatchedBuild(derivation, {
    // What was said for this build alone counts above the others.
    options: [...patience(wish), ...caches, ...(wish.evaluation.options ?? [])],
    mode: wish.mode,
    failedDirectory: wish.failedDirectory,
    afterFailure: wish.afterFailure,
    outLink: wish.outLink,
    sink: hooks.sink,
    onChange: hooks.onChange,
    signal,
  });
  let waited: PausedBuild | null = null;
  try {
    for (;;) {
      const breakpoint = await watched.next();
      if (breakpoint === null) break;
      const paused = await findPausedBuild(breakpoint, { hook, enterBy: wish.enterBy, signal });
      if (paused === null) {
        onNote(NOT_HERE);
        continue;
      }
      let problem: StrataError | null = null;
      do {
        const asked = onPaused(paused, watched.over, problem);
        if ((await Promise.race([asked, watched.isOver])) !== 'retry') break;
        problem = await evaluationProblem(target, wish, signal);
        // What is paused stays until there is something to build in its place.
        if (problem === null) return 'retry';
      } while (!watched.over.aborted);
      waited = paused;
      // Who is asked may be told of the end first, and answers then for nobody.
      if (watched.over.aborted) break;
      await watched.stop();
      const { log } = watched;
      // It has told of the pause.
      if (log === null) throw new TypeError('a build without a log paused');
      return {
        status: 'failed',
        outputs: [],
        log,
        derivation,
        plain,
        paused: { build: paused, endedBy: 'person' },
        ignored: ignoredIn(log),
      };
    }
    const paused = waited === null ? null : ({ build: waited, endedBy: 'itself' } as const);
    const built = await watched.end;
    return { ...built, derivation, plain, paused, ignored: ignoredIn(built.log) };
  } finally {
    await watched.stop();
  }
}

function ignoredIn({ errors, messages }: BuildLog): readonly IgnoredSetting[] {
  return ignoredSettings([...errors, ...messages]);
}

const NOT_HERE =
  'the log says that the build waits to be entered, but no such process is on this machine: it may run on another one (builders), or only have printed the text';

/** Nix would find out after the build. @throws StrataError `in-use`, `environment`. */
async function checkLink(outLink: string): Promise<void> {
  const operation = `making the link ${outLink} to the result`;
  const advice = 'name another with -o, or leave it out with --no-out-link';
  const there = await lstat(outLink).catch(() => null);
  if (there !== null && !there.isSymbolicLink()) {
    const reason = 'something else than a link has that name';
    throw new StrataError({ code: 'in-use', operation, reason, advice });
  }
  try {
    await access(dirname(outLink), constants.W_OK);
  } catch (error) {
    const reason = `${dirname(outLink)} is no directory that you can write to`;
    throw new StrataError({ code: 'environment', operation, reason, advice, cause: error });
  }
}

async function evaluationProblem(
  target: Target,
  { evaluation }: NixBuildWish,
  signal: AbortSignal,
): Promise<StrataError | null> {
  try {
    await evaluate(target, { ...evaluation, signal });
    return null;
  } catch (error) {
    if (error instanceof StrataError && error.code !== 'cancelled') return error;
    throw error;
  }
}

async function evaluated(
  target: Target,
  { onFailure, evaluation }: NixBuildWish,
  { onNote, signal }: NixBuildHooks,
): Promise<Pick<PausingDerivation, 'drvPath' | 'plain' | 'hook'>> {
  const options = { ...evaluation, signal };
  if (onFailure === 'end') {
    const { drvPath } = await evaluate(target, options);
    return { drvPath, plain: drvPath, hook: null };
  }
  const text = (name: 'hook.bash' | 'builder.sh'): string =>
    readFileSync(breakpointFile(name), 'utf8');
  const texts = { hook: text('hook.bash'), builder: text('builder.sh') };
  const pausing = await evaluateWithBreakpoint(target, options, texts);
  onNote(howText(pausing));
  return pausing;
}

function howText({ how, hook }: PausingDerivation): string {
  switch (how) {
    case 'overridden':
      return hook === null
        ? 'a breakpoint is added with overrideAttrs: Strata’s own hook, as no breakpointHook is in the sets around the target'
        : 'a breakpoint is added with overrideAttrs: the breakpointHook of its package set';
    case 'rewritten':
      return 'a breakpoint is added to its .drv, as it has no overrideAttrs: Strata’s own hook';
    case 'wrapped':
      return 'its builder knows no hooks: it is run by a shell that pauses where it fails; the directory and the variables are those it began with';
    default:
      return assertNever(how);
  }
}

/** A person thinks for longer than builds may be silent. */
function patience({ onFailure }: NixBuildWish): Settings {
  return onFailure === 'end'
    ? []
    : [
        ['max-silent-time', '0'],
        ['timeout', '0'],
      ];
}

/** Which of the derivations each of them needs directly. */
export async function inputsAmong(
  derivations: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const all = new Set(derivations);
  const inputs = new Map<string, readonly string[]>();
  for (const path of derivations) {
    inputs.set(
      path,
      (await inputDerivations(path)).filter((input) => all.has(input)),
    );
  }
  return inputs;
}

/** The derivations that one needs directly. One whose file is gone needs none that is known. */
export async function inputDerivations(path: string): Promise<readonly string[]> {
  try {
    return [...(await readDerivation(path)).inputDerivations.keys()];
  } catch (error) {
    if (!(error instanceof StrataError)) throw error;
    return [];
  }
}
