/**
 * Processes that a dead run left: those that an engine started and whose command line names one of its directories. Linux
 * only; elsewhere none.
 */
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINE_VARIABLE } from '../host/process.ts';
import { isSystemError } from '../protocol/errors.ts';

/** A killed process is gone within milliseconds, unless it waits for a disk. */
const PATIENCE_MS = 2000;

/**
 * Kills every process that an engine started and whose command line names `directory` or something in it, and waits until
 * they are gone. A person's editor or `du` in there is none of ours.
 *
 * @param directory absolute.
 * @returns the numbers of those killed.
 */
export async function killProcessesOf(directory: string): Promise<readonly number[]> {
  const spared = await ancestors();
  const killed: number[] = [];
  for (const name of await processes()) {
    const pid = Number(name);
    if (spared.has(pid) || !namesDirectory(await readProc(pid, 'cmdline'), directory)) continue;
    if (!isAnEngines(await readProc(pid, 'environ'))) continue;
    try {
      process.kill(pid, 'SIGKILL');
      killed.push(pid);
    } catch (error) {
      // Gone meanwhile, or another user's, who then is no run of ours.
      if (!isSystemError(error)) throw error;
    }
  }
  const patience = Date.now() + PATIENCE_MS;
  for (const pid of killed) {
    while (namesDirectory(await readProc(pid, 'cmdline'), directory) && Date.now() < patience) {
      await sleep(5);
    }
  }
  return killed;
}

/** Whether a command line (arguments separated by NUL) names a directory, or a path in it. */
export function namesDirectory(commandLine: string, directory: string): boolean {
  for (let at = 0; ; at += 1) {
    at = commandLine.indexOf(directory, at);
    if (at === -1) return false;
    // `…/active/build-1` must not be found in `…/active/build-12`.
    if (!/[a-z0-9-]/.test(commandLine.charAt(at + directory.length))) return true;
  }
}

/** An environment that may not be read is that of a bubblewrap with privileges; what is another user's cannot be killed. */
function isAnEngines(environment: string): boolean {
  return (
    environment === '' ||
    environment.split('\0').some((entry) => entry.startsWith(`${ENGINE_VARIABLE}=`))
  );
}

/** This process and those that started it. */
async function ancestors(): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for (let pid = process.pid; pid > 0 && !found.has(pid);) {
    found.add(pid);
    const stat = await readProc(pid, 'stat');
    // Fields after the name in parentheses: state, then the parent's number (proc(5)).
    pid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
  }
  return found;
}

async function processes(): Promise<readonly string[]> {
  try {
    return (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}

/** Empty where there is no such process (any more). A zombie's command line is empty as well. */
async function readProc(pid: number, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (isSystemError(error)) return '';
    throw error;
  }
}
