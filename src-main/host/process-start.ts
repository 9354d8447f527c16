/** What Linux says of a process: when it started, which tells it from a later one of the same number, and whose child it is. */
import { readFileSync } from 'node:fs';
import { isSystemError } from '../protocol/errors.ts';

/**
 * Clock ticks from boot to the start (proc(5), field 22 of /proc/PID/stat); null where there is no such process. Where
 * there is no /proc at all, `unknown` for each process that is there.
 */
export function processStart(pid: number): string | null {
  const stat = statOf(pid);
  if (stat !== null) return stat.fields[19] ?? null;
  return process.platform !== 'linux' && isRunning(pid) ? 'unknown' : null;
}

/** The program's name, which the process itself can change, and its parent's number; null where there is no such process. */
export function processParent(
  pid: number,
): { readonly name: string; readonly parent: number } | null {
  const stat = statOf(pid);
  return stat === null ? null : { name: stat.name, parent: Number(stat.fields[1]) };
}

/** proc(5): the name, and the fields from the third on. */
function statOf(pid: number): { readonly name: string; readonly fields: readonly string[] } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name is in parentheses, and may hold spaces and parentheses itself.
    const end = stat.lastIndexOf(')');
    const name = stat.slice(stat.indexOf('(') + 1, end);
    return { name, fields: stat.slice(end + 2).split(' ') };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return null;
  }
}

/** Whether there is a process of this number, anybody's. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error) && error.code === 'EPERM';
  }
}
