/** The command line, as a person runs it. */
import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Place } from './engine-process.ts';

const PROGRAM = fileURLToPath(new URL('../../../build/strata.mjs', import.meta.url));

/** A synchronous wait knows nothing of the test's own time limit. */
export const WITHIN_REASON = { timeout: 100_000, killSignal: 'SIGKILL' } as const;

interface StrataOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** Runs a command to its end. */
export function strata(
  place: Place,
  args: readonly string[],
  { env = {}, input = '' }: StrataOptions = {},
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, [PROGRAM, ...args], {
    cwd: place.directory,
    env: { ...place.env, ...env },
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    ...WITHIN_REASON,
  });
}

/** Starts a command as the leader of a process group. */
export function startStrata(
  place: Place,
  args: readonly string[],
): ChildProcessByStdio<Writable, Readable, Readable> {
  return spawn(process.execPath, [PROGRAM, ...args], {
    cwd: place.directory,
    env: place.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
}
