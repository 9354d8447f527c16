/** The phases of a nix-shell and which have succeeded there, as its files tell (resources/hooks/nix-shell.bash). */
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../protocol/errors.ts';
import { Wakeups } from './wakeups.ts';

export interface NixShellPhase {
  readonly name: string;
  readonly state: 'waiting' | 'done' | 'skipped';
}

/** Now, and whenever it changes. */
export async function* nixShellPhases(
  directory: string,
  signal: AbortSignal,
): AsyncGenerator<{ readonly phases: readonly NixShellPhase[] }> {
  const own = join(directory, '.strata');
  const wakeups = new Wakeups();
  const watcher = watch(own, { persistent: false }, () => wakeups.wake());
  // The directory was removed, say: then nothing is told any more.
  watcher.on('error', () => watcher.close());
  try {
    let told = '';
    while (!signal.aborted) {
      const { count } = wakeups;
      const phases = await readPhases(own);
      const text = JSON.stringify(phases);
      if (text !== told) yield { phases };
      told = text;
      await wakeups.since(count, signal);
    }
  } finally {
    watcher.close();
  }
}

async function readPhases(own: string): Promise<readonly NixShellPhase[]> {
  const done = new Set(await lines(join(own, 'done')));
  return (await lines(join(own, 'phases'))).map((line): NixShellPhase => {
    const name = line.replace(/^-/, '');
    if (done.has(name)) return { name, state: 'done' };
    return { name, state: line.startsWith('-') ? 'skipped' : 'waiting' };
  });
}

async function lines(file: string): Promise<readonly string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}
