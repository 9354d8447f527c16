/**
 * Logs of builds that are over: those that Nix keeps (`nix log`), and files with what a build printed, with
 * `--log-format internal-json` or as one builder did. Both come as a build that is read from its log; neither has times.
 */
import { createReadStream, existsSync } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { runTool } from '../host/process.ts';
import { readDerivation } from '../nix/aterm.ts';
import { BuildLog, type LineSink } from '../nix/build-log.ts';
import { isValid } from '../nix/closure.ts';
import { LogStream } from '../nix/log-stream.ts';
import { LineSplitter, lineText } from '../phases/log-lines.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';

/** The activity under which the only builder of a log is told of. */
const ONLY = '1';

/** So much of a file is looked at to know what it is (bytes). */
const ENOUGH_TO_KNOW = 64 * 1024;

export interface NixLog {
  /** `builder`: what one builder printed; `build`: what Nix told of a whole build. */
  readonly kind: 'builder' | 'build';
  /**
   * Reads it to its end.
   *
   * @throws StrataError `not-found` where Nix has no log of it, `cancelled`
   */
  readonly read: (sink: LineSink, signal: AbortSignal) => Promise<BuildLog>;
}

/**
 * @param path of a `.drv`, of anything in the store, or of a file with a log; links are followed
 * @throws StrataError `not-found` where there is no such file.
 */
export async function openNixLog(path: string, storeDirectory: string): Promise<NixLog> {
  const real = await realPath(path);
  const reading =
    (read: (log: BuildLog, signal: AbortSignal) => Promise<void>): NixLog['read'] =>
    async (sink, signal) => {
      const log = new BuildLog(sink);
      await read(log, signal);
      return log;
    };
  if (real.startsWith(`${storeDirectory}/`)) {
    const [name = ''] = real.slice(storeDirectory.length + 1).split('/');
    const inStore = `${storeDirectory}/${name}`;
    return { kind: 'builder', read: reading((log, signal) => readKept(inStore, log, signal)) };
  }
  if (await isNixs(real)) {
    return { kind: 'build', read: reading((log, signal) => readBuild(real, log, signal)) };
  }
  return { kind: 'builder', read: reading((log, signal) => readBuilder(real, log, signal)) };
}

async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    // What the collector has taken may have its log all the same.
    if (isSystemError(error)) return path;
    throw error;
  }
}

/** The log of one derivation, or of the one that made a path. */
async function readKept(path: string, log: BuildLog, signal: AbortSignal): Promise<void> {
  const operation = `reading the log of ${path}`;
  const builder = new OneBuilder(path, log);
  const onStdout = (chunk: Buffer): void => builder.write(chunk);
  const call = { operation, onStdout, accept: [0, 1], signal };
  const kept = await runTool({ ...call, tool: 'nix-store', args: ['--read-log', path] });
  // Asks the binary caches too.
  const found =
    kept.exitCode === 0
      ? kept
      : await runTool({
          ...call,
          tool: 'nix',
          args: ['--extra-experimental-features', 'nix-command', 'log', path],
        });
  if (found.exitCode !== 0) {
    throw new StrataError({
      code: 'not-found',
      operation,
      reason: 'Nix keeps no log of it: it was not built here, or the log was removed',
      ...(path.endsWith('.drv') &&
        existsSync(path) && { advice: `build it: strata nix-build ${path}` }),
    });
  }
  builder.end(await outcomeOf(path, signal));
}

/** Nix keeps the logs of failed builds too, and says nowhere how they ended: what there is of its outputs does. */
async function outcomeOf(
  path: string,
  signal: AbortSignal,
): Promise<'succeeded' | 'failed' | 'unknown'> {
  try {
    const paths = path.endsWith('.drv')
      ? Array.from((await readDerivation(path)).outputs.values(), (output) => output.path)
      : [path];
    if (paths.includes('')) return 'unknown';
    return (await isValid(paths, signal)) ? 'succeeded' : 'failed';
  } catch (error) {
    if (error instanceof StrataError && error.code !== 'cancelled') return 'unknown';
    throw error;
  }
}

async function readBuild(path: string, log: BuildLog, signal: AbortSignal): Promise<void> {
  const stream = new LogStream();
  for await (const chunk of piecesOf(path, signal)) {
    for (const event of stream.push(chunk)) log.take(event, null);
  }
  for (const event of stream.end()) log.take(event, null);
  log.end(log.errors.length === 0 ? 'succeeded' : 'failed', null);
}

async function readBuilder(path: string, log: BuildLog, signal: AbortSignal): Promise<void> {
  const builder = new OneBuilder(path, log);
  for await (const chunk of piecesOf(path, signal)) builder.write(chunk);
  builder.end('unknown');
}

function piecesOf(path: string, signal: AbortSignal): AsyncIterable<Buffer> {
  return createReadStream(path, { highWaterMark: 1024 * 1024, signal });
}

/** Whether a file is what Nix writes with `--log-format internal-json`. */
async function isNixs(path: string): Promise<boolean> {
  try {
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(ENOUGH_TO_KNOW));
      return NIXS_LINE.test(buffer.toString('latin1', 0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new StrataError({
      code: error.code === 'ENOENT' ? 'not-found' : 'environment',
      operation: `reading ${path}`,
      reason: error.code === 'ENOENT' ? 'there is no such file' : error.message,
      advice: 'name a .drv, a path in the store, or a file with the log of a build',
      cause: error,
    });
  }
}

const NIXS_LINE = /^@nix \{"action":"(?:msg|start|stop|result)"/m;

/** The text that one builder printed, told as Nix would have told of it. */
class OneBuilder {
  readonly #derivation: string;
  readonly #log: BuildLog;
  readonly #lines: LineSplitter;

  constructor(derivation: string, log: BuildLog) {
    this.#derivation = derivation;
    this.#log = log;
    log.take(
      {
        kind: 'start',
        id: ONLY,
        parent: null,
        level: 3,
        text: '',
        activity: { kind: 'build', derivation, machine: '' },
      },
      null,
    );
    this.#lines = new LineSplitter((bytes) => this.#take(lineText(bytes)));
  }

  write(chunk: Buffer): void {
    this.#lines.write(chunk);
  }

  end(outcome: 'succeeded' | 'failed' | 'unknown'): void {
    this.#lines.end();
    if (outcome === 'failed') {
      const message = `builder for '${this.#derivation}' failed`;
      this.#log.take({ kind: 'message', level: 0, message }, null);
    }
    this.#log.end(outcome, null);
  }

  #take(line: string): void {
    const [, phase] = SET_PHASE.exec(line) ?? [];
    const result =
      phase === undefined
        ? ({ kind: 'build-log-line', line } as const)
        : ({ kind: 'set-phase', phase } as const);
    this.#log.take({ kind: 'result', id: ONLY, result }, null);
  }
}

/** What a builder tells Nix on `NIX_LOG_FD`, where somebody has recorded that with the rest. */
const SET_PHASE = /^@nix \{ ?"action": ?"setPhase", ?"phase": ?"([^"]*)" ?\}$/;
