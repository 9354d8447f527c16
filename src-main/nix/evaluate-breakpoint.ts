/** From a target to its derivation with a breakpoint, by Nix's own evaluator. */
import { readDerivation } from './aterm.ts';
import { overriddenExpression, rewrittenExpression } from './breakpoint-hook.ts';
import type { BreakpointTexts } from './breakpoint-hook.ts';
import {
  EXPERIMENTAL,
  commonArguments,
  evaluate,
  evaluatorEnvironment,
  runEvaluator,
  type EvaluationOptions,
} from './evaluate.ts';
import type { Target } from './target.ts';

/** A derivation that pauses where it fails. It is another one than the target's, and so are its outputs. */
export interface PausingDerivation {
  readonly drvPath: string;
  /** That of the target itself, without the breakpoint. */
  readonly plain: string;
  /**
   * How the hook was added: by `overrideAttrs`, by writing the `.drv` down again, or, where the builder knows no hooks, by
   * running it in a shell that pauses after it.
   */
  readonly how: 'overridden' | 'rewritten' | 'wrapped';
  /** The store path of nixpkgs' own hook; null where it is Strata's. */
  readonly hook: string | null;
}

/**
 * Evaluates the target with a breakpoint added. Builds nothing.
 *
 * @throws what {@link evaluate} throws for the target without it; StrataError `usage` for one that cannot pause.
 */
export async function evaluateWithBreakpoint(
  target: Target,
  options: EvaluationOptions,
  texts: BreakpointTexts,
): Promise<PausingDerivation> {
  // Whatever is wrong with the target itself is told as it always is.
  const { drvPath } = await evaluate(target, options);
  const overridden =
    target.kind === 'drv'
      ? null
      : await instantiate(overriddenExpression(target, options, texts), drvPath, options);
  if (overridden !== null) return { ...overridden, plain: drvPath, how: 'overridden' };
  const { expression, builder } = rewrittenExpression(
    drvPath,
    await readDerivation(drvPath),
    texts,
  );
  const rewritten = await instantiate(expression, drvPath, options);
  if (rewritten === null) throw new TypeError('the expression is a set');
  return { ...rewritten, plain: drvPath, how: builder === 'wrapped' ? 'wrapped' : 'rewritten' };
}

async function instantiate(
  expression: string,
  drvPath: string,
  options: EvaluationOptions,
): Promise<{ readonly drvPath: string; readonly hook: string | null } | null> {
  const { stdout } = await runEvaluator({
    operation: `adding a breakpoint to ${drvPath}`,
    tool: 'nix-instantiate',
    args: [
      ...EXPERIMENTAL,
      ...['--eval', '--strict', '--json', '--read-write-mode'],
      ...commonArguments(options),
      // An expression can be longer than an argument.
      '-',
    ],
    input: expression,
    env: evaluatorEnvironment(options),
    signal: options.signal,
  });
  return JSON.parse(stdout.toString('utf8')) as {
    readonly drvPath: string;
    readonly hook: string | null;
  } | null;
}
