/** A build by Nix of what a person names: evaluated here, so that its errors have their places, then built by Nix. */
import { readDerivation } from '../nix/aterm.ts';
import { build, type NixBuild, type NixBuildOptions } from '../nix/build.ts';
import { evaluate, type EvaluationOptions } from '../nix/evaluate.ts';
import { ignoredSettings, type IgnoredSetting } from '../nix/ignored-settings.ts';
import { faultOf } from '../nix/failure-message.ts';
import type { Target } from '../nix/target.ts';
import { StrataError } from '../protocol/errors.ts';

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
  /** The link that roots the result; null for none. */
  readonly outLink: string | null;
}

export interface NixBuildHooks extends Pick<NixBuildOptions, 'sink' | 'onChange'> {
  /** Called with the derivation's store path, before it is built. */
  readonly onEvaluated: (derivation: string) => void;
  readonly signal: AbortSignal;
}

export interface NixBuildResult extends NixBuild {
  readonly derivation: string;
  /** What the daemon did not take from this user. */
  readonly ignored: readonly IgnoredSetting[];
}

/** @throws EvaluationError, and what {@link build} throws; a build that fails is a result. */
export async function nixBuild(
  target: Target,
  wish: NixBuildWish,
  { onEvaluated, sink, onChange, signal }: NixBuildHooks,
): Promise<NixBuildResult> {
  const { evaluation, mode, failedDirectory, afterFailure, outLink } = wish;
  const { drvPath } = await evaluate(target, { ...evaluation, signal });
  onEvaluated(drvPath);
  const built = await build(drvPath, {
    options: evaluation.options ?? [],
    mode,
    failedDirectory,
    afterFailure,
    outLink,
    sink,
    ...(onChange === undefined ? {} : { onChange }),
    signal,
  });
  const { errors, messages } = built.log;
  return { ...built, derivation: drvPath, ignored: ignoredSettings([...errors, ...messages]) };
}

/** Which of the derivations each of them needs directly. One whose file is gone needs none that is known. */
export async function inputsAmong(
  derivations: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const all = new Set(derivations);
  const inputs = new Map<string, readonly string[]>();
  for (const path of derivations) {
    try {
      const { inputDerivations } = await readDerivation(path);
      inputs.set(
        path,
        [...inputDerivations.keys()].filter((input) => all.has(input)),
      );
    } catch (error) {
      if (!(error instanceof StrataError)) throw error;
      inputs.set(path, []);
    }
  }
  return inputs;
}
