/**
 * A build by Nix itself of a derivation that is there: what `nix-build` and `nix build` do once they have evaluated
 * (`nix-store --realise`), read while it goes.
 */
import { runTool } from '../host/process.ts';
import { StrataError } from '../protocol/errors.ts';
import { BuildLog, type LineSink } from './build-log.ts';
import { LogStream } from './log-stream.ts';

export interface NixBuildOptions {
  /** Settings as `--option NAME VALUE` gives them to Nix. */
  readonly options?: readonly (readonly [string, string])[];
  /** `check`: build again what is there already, and compare (`--check`). */
  readonly mode?: 'normal' | 'check';
  /** Whether the build directory of a failed build is kept (`--keep-failed`). */
  readonly failedDirectory?: 'remove' | 'keep';
  /** Whether other builds go on after a failure (`--keep-going`). */
  readonly afterFailure?: 'end' | 'go-on';
  /** The link that roots the result, as `nix-build` makes `result`; null or left out for none. */
  readonly outLink?: string | null;
  /** Gets every line of every builder. */
  readonly sink: LineSink;
  /** Called after each piece of the log that Nix has written: often. */
  readonly onChange?: (log: BuildLog) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface NixBuild {
  readonly status: 'succeeded' | 'failed';
  /** Store paths, or links to them where there is an `outLink`; none of a failed build. */
  readonly outputs: readonly string[];
  readonly log: BuildLog;
}

/** 1 is Nix's own failure, the hundreds are failures of builds (`Worker::exitStatus`); the log tells them apart. */
const EXIT_CODES = [0, 1, 100, 101, 102, 103, 104, 105, 106, 107];

/** `some outputs of '….drv' are not valid, so checking is not possible` */
const NOTHING_TO_CHECK = 'so checking is not possible';

/**
 * Builds. A build that fails is a result, that of a dependency too.
 *
 * @throws StrataError `nix` where Nix fails otherwise (no machine for the system, a daemon that refuses), `cancelled`.
 */
export async function build(drvPath: string, options: NixBuildOptions): Promise<NixBuild> {
  const { sink, onChange, afterFailure = 'end', signal } = options;
  const operation = `building ${drvPath} with Nix`;
  const log = new BuildLog(sink, afterFailure);
  const stream = new LogStream();
  const interrupt = (): void => log.interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  let outcome: 'succeeded' | 'failed' = 'failed';
  try {
    const { exitCode, stdout } = await runTool({
      operation,
      // A build of hours must not go on for an engine that was killed; Nix ends its builders itself.
      tool: 'setpriv',
      args: ['--pdeathsig', 'TERM', 'nix-store', '--realise', drvPath, ...words(options)],
      accept: EXIT_CODES,
      onStderr: (chunk) => {
        const now = Date.now();
        for (const event of stream.push(chunk)) log.take(event, now);
        onChange?.(log);
      },
      discardStderr: true,
      signal,
    });
    for (const event of stream.end()) log.take(event, Date.now());
    if (exitCode === 0) outcome = 'succeeded';
    if (log.errors.some((error) => error.includes(NOTHING_TO_CHECK))) {
      throw new StrataError({
        code: 'usage',
        operation,
        reason: 'there is no result yet to check',
        advice: 'build it first without --check',
      });
    }
    if (exitCode !== 0 && log.failed.length === 0) {
      throw new StrataError({
        code: 'nix',
        operation,
        reason: log.errors.at(-1) ?? `nix-store ended with exit status ${exitCode}`,
        output: [...log.errors, ...log.messages.slice(-20)].join('\n'),
      });
    }
    const outputs = exitCode === 0 ? stdout.toString('utf8').split('\n') : [];
    return { status: outcome, outputs: outputs.filter((line) => line !== ''), log };
  } finally {
    signal?.removeEventListener('abort', interrupt);
    log.end(outcome, Date.now());
    onChange?.(log);
  }
}

function words(options: NixBuildOptions): readonly string[] {
  const { mode, failedDirectory, afterFailure, outLink = null } = options;
  return [
    ...['--log-format', 'internal-json'],
    ...(mode === 'check' ? ['--check'] : []),
    ...(failedDirectory === 'keep' ? ['--keep-failed'] : []),
    ...(afterFailure === 'go-on' ? ['--keep-going'] : []),
    ...(outLink === null ? [] : ['--add-root', outLink, '--indirect']),
    ...(options.options ?? []).flatMap(([name, value]) => ['--option', name, value]),
  ];
}
