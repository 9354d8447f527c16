/** When a process started: what tells it from a later one of the same number. */
import { readFileSync } from 'node:fs';
import { isSystemError } from '../protocol/errors.ts';

/**
 * Clock ticks from boot to the start (proc(5), field 22 of /proc/PID/stat); null where there is no such process. Where
 * there is no /proc at all, `unknown` for each process that is there.
 */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return process.platform !== 'linux' && isRunning(pid) ? 'unknown' : null;
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
