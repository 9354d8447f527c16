/** The phases of a nix-shell and what is known of them, as its files tell (resources/hooks/nix-shell.bash). */
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isSystemError } from '../protocol/errors.ts';
import type { NixShellPhase } from '../protocol/methods.ts';
import { Wakeups } from './wakeups.ts';

export interface NixShellView {
  readonly phases: readonly NixShellPhase[];
  /** What its terminal is at: a command can be asked for only at a prompt. */
  readonly now: NixShellNow;
}

/** `continued`: half a command is typed, and the rest of it waited for. `command`: something runs. */
export type NixShellNow = 'prompt' | 'continued' | 'command';

/**
 * Now, and whenever it changes.
 *
 * @param own the directory of the shell
 */
export async function* nixShellView(
  own: string,
  signal: AbortSignal,
): AsyncGenerator<NixShellView> {
  const wakeups = new Wakeups();
  const watchers = [own, dirname(own)].map((directory) => {
    const watcher = watch(directory, { persistent: false }, () => wakeups.wake());
    // The directory was removed, say: then nothing is told any more.
    return watcher.on('error', () => watcher.close());
  });
  try {
    let told = '';
    while (!signal.aborted) {
      const { count } = wakeups;
      const view = await readView(own);
      const text = JSON.stringify(view);
      if (text !== told) yield view;
      told = text;
      await wakeups.since(count, signal);
    }
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}

async function readView(own: string): Promise<NixShellView> {
  const [listed, ran, running, now] = await Promise.all([
    text(join(own, 'phases')),
    text(join(dirname(own), 'ran')),
    text(join(own, 'phase')),
    nixShellNow(own),
  ]);
  return { phases: phasesOf(listed, ran, running), now };
}

/** What the terminal of the shell is at. */
export async function nixShellNow(own: string): Promise<NixShellNow> {
  const now = await text(join(own, 'now'));
  return now === 'prompt' || now === 'continued' ? now : 'command';
}

/**
 * What is known of each phase.
 *
 * @param listed a line each, with `-` before those that a build passes over
 * @param ran a line for each that was run, with its exit status, the last run last
 * @param running the name of the one that runs; empty for none
 */
export function phasesOf(listed: string, ran: string, running: string): readonly NixShellPhase[] {
  const names = lines(listed).map((line) => line.replace(/^-/, ''));
  const runs = lines(ran).map((line) => {
    const [name = '', status = ''] = line.split(' ');
    return { name, status: Number(status) };
  });
  return lines(listed).map((line, index): NixShellPhase => {
    const name = names[index] ?? '';
    if (name === running) return { name, state: 'running' };
    const at = runs.findIndex((run) => run.name === name);
    const run = runs[at];
    if (run === undefined) return { name, state: line.startsWith('-') ? 'skipped' : 'waiting' };
    const before = new Set(names.slice(0, names.indexOf(name)));
    if (runs.slice(at + 1).some((later) => before.has(later.name))) return { name, state: 'stale' };
    return run.status === 0
      ? { name, state: 'done' }
      : { name, state: 'failed', status: run.status };
  });
}

function lines(written: string): readonly string[] {
  return written.split('\n').filter((line) => line !== '');
}

/** A file's text; empty where it is not there. */
async function text(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isSystemError(error)) return '';
    throw error;
  }
}
