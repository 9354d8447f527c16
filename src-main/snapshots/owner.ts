/**
 * Who holds an active snapshot: a process, named so that neither a later process with the same number nor another machine
 * that shares the directory can be taken for it.
 */
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isSystemError } from '../protocol/errors.ts';

export interface Owner {
  readonly pid: number;
  /** Clock ticks from boot to the process's start (proc(5), field 22 of /proc/PID/stat); null where there is no /proc. */
  readonly started: string | null;
  /** Differs after each boot; null where the system has none. */
  readonly boot: string | null;
  readonly host: string;
}

/** `elsewhere`: another machine or container, whose processes cannot be looked at from here. */
export type OwnerState = 'alive' | 'dead' | 'elsewhere';

/** This process. */
export async function thisOwner(): Promise<Owner> {
  const { pid } = process;
  return { pid, started: await startTime(pid), boot: await bootId(), host: hostname() };
}

/** Whether an owner still lives. */
export async function ownerState(owner: Owner): Promise<OwnerState> {
  if (owner.host !== hostname()) return 'elsewhere';
  if (owner.boot !== (await bootId())) return 'dead';
  if (owner.started === null) return isRunning(owner.pid) ? 'alive' : 'dead';
  return (await startTime(owner.pid)) === owner.started ? 'alive' : 'dead';
}

/** Reads what {@link thisOwner} gave from a file's text; undefined where it is something else. */
export function parseOwner(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, started, boot, host } = value as Record<string, unknown>;
    if (typeof pid !== 'number' || typeof host !== 'string') return undefined;
    if (!isStringOrNull(started) || !isStringOrNull(boot)) return undefined;
    return { pid, started, boot, host };
  } catch {
    return undefined;
  }
}

/** The number of this boot, or null where the system has none to read. */
export async function bootId(): Promise<string | null> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

/** When a process started, in ticks since boot; null where there is no such process. */
async function startTime(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

/** Whether there is a process of this number, anybody's. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error) && error.code === 'EPERM';
  }
}

function isStringOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
