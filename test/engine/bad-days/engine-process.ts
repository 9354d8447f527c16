/** Starting the engine in a process of its own (engine-program.ts), in a directory where all it may leave is seen. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { nixEnv } from '../real-nix.ts';
import { temporaryDirectory } from '../snapshots/mounted.ts';
import type { Outcome } from './engine-program.ts';

/** A cache of its own, and a directory for temporary files. */
export interface Place {
  readonly directory: string;
  /** What XDG_CACHE_HOME is. */
  readonly cache: string;
  /** Strata's part of it. */
  readonly root: string;
  readonly temporary: string;
  readonly env: NodeJS.ProcessEnv;
}

/** @param env what the engine's environment has beside the usual */
export function newPlace(env: NodeJS.ProcessEnv = {}): Place {
  const directory = realpathSync(temporaryDirectory());
  const [cache, temporary] = [join(directory, 'cache'), join(directory, 'tmp')];
  mkdirSync(cache);
  mkdirSync(temporary);
  return {
    directory,
    cache,
    root: join(cache, 'strata'),
    temporary,
    env: { ...nixEnv, XDG_CACHE_HOME: cache, TMPDIR: temporary, ...env },
  };
}

let program: string | undefined;

/** The bundled program. */
export function engineProgram(): string {
  if (program !== undefined) return program;
  const directory = temporaryDirectory();
  program = join(directory, 'engine-program.mjs');
  // Packages with a native part cannot be bundled.
  symlinkSync(
    fileURLToPath(new URL('../../../node_modules', import.meta.url)),
    join(directory, 'node_modules'),
  );
  buildSync({
    entryPoints: [fileURLToPath(new URL('engine-program.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    external: ['node-pty'],
    // The hooks are found from where the sources are.
    define: {
      'import.meta.url': JSON.stringify(
        new URL('../../../src-main/phases/hook-files.ts', import.meta.url).href,
      ),
    },
  });
  return program;
}

export interface EngineProcess {
  readonly child: ChildProcess;
  /** The first event of a name, as soon as it comes; rejected where the process ends without it. */
  readonly event: (name: string, phase?: string) => Promise<void>;
  /** The last line; null where the process was killed before it. */
  readonly outcome: Promise<Outcome | null>;
}

/** Starts it as the leader of a process group. */
export function startEngine(
  place: Place,
  target: string,
  options: { readonly env?: NodeJS.ProcessEnv; readonly command?: readonly string[] } = {},
): EngineProcess {
  const [tool, ...args] = [...(options.command ?? []), process.execPath, engineProgram(), target];
  const child = spawn(tool, args, {
    env: { ...place.env, ...options.env },
    cwd: place.directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let printed = '';
  let complaints = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
    for (const look of waiting) look();
  });
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const ended = new Promise<void>((resolve) => {
    // Not `close`: what the engine left may hold its standard error.
    child.once('exit', () => resolve());
  });
  const lines = (): object[] =>
    printed
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as object);
  const event = async (name: string, phase?: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines().some(
          (line) =>
            'event' in line &&
            line.event === name &&
            (phase === undefined || ('phase' in line && line.phase === phase)),
        );
        if (!found) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`no event ${name}: ${printed}${complaints}`)));
    });
  const outcome = ended.then(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const last = lines().at(-1);
    if (last !== undefined && 'kind' in last) return last as Outcome;
    if (child.signalCode !== null) return null;
    throw new Error(`the engine ended by itself: ${printed}${complaints}`);
  });
  outcome.catch(() => undefined);
  return { child, event, outcome };
}

/** Runs it to its end. */
export async function runEngine(
  place: Place,
  target: string,
  options: Parameters<typeof startEngine>[2] = {},
): Promise<Outcome> {
  const outcome = await startEngine(place, target, options).outcome;
  if (outcome === null) throw new Error('the engine was killed');
  return outcome;
}
