/**
 * Making the inputs of a derivation present: Nix substitutes or builds them, as this machine is configured, and roots keep
 * them from its garbage collector for as long as the snapshots made with them live.
 */
import { mkdir, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../host/process.ts';
import { StrataError } from '../protocol/errors.ts';
import { readDerivation } from './aterm.ts';
import { argumentBatches, closure } from './closure.ts';
import type { Derivation } from './derivation.ts';
import { LogStream } from './log-stream.ts';
import { NOTHING_REALISED, advance } from './realisation-progress.ts';
import type { FailedBuild, RealisationProgress } from './realisation-progress.ts';

export interface RealiseOptions {
  /** A directory of the caller's for the links that are the roots; made where absent. Removing it frees the inputs. */
  readonly rootsDirectory: string;
  /** Settings as `--option NAME VALUE` gives them to Nix. */
  readonly options?: readonly (readonly [string, string])[];
  /** Called after each event that changes the progress: often. */
  readonly onProgress?: (progress: RealisationProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A dependency could not be built. `output` is its whole log where Nix kept one. */
export class DependencyFailed extends StrataError {
  /** The store path of the dependency's `.drv`, itself a target. */
  readonly derivation: string;
  /** The last lines its builder printed. */
  readonly lines: readonly string[];

  constructor(operation: string, failed: FailedBuild, log: string) {
    super({
      code: 'nix',
      operation,
      // Nix's own words name the derivation as a rule.
      reason: failed.reason.includes(failed.derivation)
        ? `a dependency failed: ${failed.reason}`
        : `the dependency ${failed.derivation} failed: ${failed.reason}`,
      advice: `run it by itself: strata run ${failed.derivation}`,
      choices: [failed.derivation],
      output: log,
    });
    this.derivation = failed.derivation;
    this.lines = failed.lines;
  }
}

/**
 * Makes all inputs of the derivation valid and rooted, and gives their closure: what the builder may see of the store,
 * sorted. Starts one short process where everything is there already.
 *
 * @throws DependencyFailed where a dependency does not build, StrataError `nix` where Nix fails otherwise (a path that
 *   nobody can build, a daemon that refuses), `cancelled`.
 */
export async function realiseInputs(
  derivation: Derivation,
  options: RealiseOptions,
): Promise<readonly string[]> {
  const expected = await expectedPaths(derivation);
  if (expected !== null && (await areRooted(expected, options.rootsDirectory))) {
    return closure(expected, options.signal);
  }
  const wanted = [
    ...[...derivation.inputDerivations].map(([path, outputs]) => `${path}!${outputs.join(',')}`),
    ...derivation.inputSources,
  ];
  await mkdir(options.rootsDirectory, { recursive: true });
  const present: string[] = [];
  for (const [index, batch] of argumentBatches(wanted).entries()) {
    const root = join(options.rootsDirectory, index === 0 ? 'input' : `input-batch${index}`);
    present.push(...(await realise(batch, root, options)));
  }
  const roots = await Promise.all(present.map((link) => readlink(link)));
  return closure([...new Set(roots)], options.signal);
}

/**
 * Builds a derivation, or fetches what it gives, and roots its outputs.
 *
 * @returns the outputs' store paths
 * @throws as {@link realiseInputs} does; the derivation itself counts as a dependency.
 */
export async function realiseDerivation(
  drvPath: string,
  options: RealiseOptions,
): Promise<readonly string[]> {
  await mkdir(options.rootsDirectory, { recursive: true });
  const links = await realise([drvPath], join(options.rootsDirectory, 'output'), options);
  return Promise.all(links.map((link) => readlink(link)));
}

/** The paths of all inputs; null where one is known only after its build, or its `.drv` is not here. */
async function expectedPaths(derivation: Derivation): Promise<readonly string[] | null> {
  const inputs = await Promise.all(
    [...derivation.inputDerivations].map(([path, names]) => outputPaths(path, names)),
  );
  const paths = inputs.flat();
  if (paths.includes('')) return null;
  return [...new Set([...derivation.inputSources, ...paths])];
}

/** The paths of the named outputs; the empty string for one that is not known. */
async function outputPaths(drvPath: string, names: readonly string[]): Promise<string[]> {
  try {
    const { outputs } = await readDerivation(drvPath);
    return names.map((name) => outputs.get(name)?.path ?? '');
  } catch (error) {
    // Whatever is wrong with it, Nix says it better when it is asked to realise it.
    if (error instanceof StrataError) return [''];
    throw error;
  }
}

/** Whether every path is the target of a link in the directory: then the collector has left it alone. */
async function areRooted(paths: readonly string[], directory: string): Promise<boolean> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch {
    return false;
  }
  if (names.length < paths.length) return false;
  const targets = await Promise.all(
    names.map((name) => readlink(join(directory, name)).catch(() => '')),
  );
  const rooted = new Set(targets);
  return paths.every((path) => rooted.has(path));
}

/** Realises one batch; gives the links that root the results. */
async function realise(
  wanted: readonly string[],
  root: string,
  { options = [], onProgress, signal }: RealiseOptions,
): Promise<readonly string[]> {
  const operation = 'making the inputs of the derivation present';
  const stream = new LogStream();
  let progress = NOTHING_REALISED;
  const follow = (chunk: Buffer): void => {
    const before = progress;
    for (const event of stream.push(chunk)) progress = advance(progress, event);
    if (progress !== before) onProgress?.(progress);
  };
  const settings = options.flatMap(([name, value]) => ['--option', name, value]);
  // 1 is Nix's own failure, the hundreds are failures of builds (`Worker::exitStatus`); all are told apart by the log.
  const result = await runTool({
    operation,
    // A build of hours must not go on for an engine that was killed; Nix ends its builders itself.
    tool: 'setpriv',
    args: [
      ...['--pdeathsig', 'TERM', 'nix-store', '--realise'],
      ...['--add-root', root, '--indirect'],
      ...['--log-format', 'internal-json'],
      ...settings,
      ...wanted,
    ],
    accept: [0, 1, 100, 101, 102, 103, 104, 105, 106, 107],
    onStderr: follow,
    discardStderr: true,
    signal,
  });
  if (result.exitCode === 0) {
    return result.stdout
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
  }
  for (const event of stream.end()) progress = advance(progress, event);
  const [failed] = progress.failed;
  if (failed !== undefined) {
    throw new DependencyFailed(operation, failed, await buildLog(failed, signal));
  }
  throw new StrataError({
    code: 'nix',
    operation,
    reason: progress.errors.at(-1) ?? `nix-store ended with exit status ${result.exitCode}`,
    output: progress.errors.join('\n'),
  });
}

/** The whole log, which Nix keeps of failed builds too; where it keeps none (`keep-build-log`), the last lines. */
async function buildLog(failed: FailedBuild, signal: AbortSignal | undefined): Promise<string> {
  const { exitCode, stdout } = await runTool({
    operation: `reading the log of ${failed.derivation}`,
    tool: 'nix-store',
    args: ['--read-log', failed.derivation],
    accept: [0, 1],
    signal,
  });
  return exitCode === 0 ? withoutDisplayLines(stdout.toString('utf8')) : failed.lines.join('\n');
}

/** Builders write `@nix {…}` for Nix's own display (src/libutil/logging.cc, `handleJSONLogMessage`). */
function withoutDisplayLines(log: string): string {
  return log.replace(/^@nix \{.*\n?/gm, '');
}
