/**
 * Who holds an active snapshot: a process, named so that neither a later process with the same number nor another machine
 * that shares the directory can be taken for it.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { processStart } from '../host/process-start.ts';
import { isSystemError } from '../protocol/errors.ts';

export interface Owner {
  readonly pid: number;
  /** As process-start.ts has it. */
  readonly started: string | null;
  /** Differs after each boot; null where the system has none. */
  readonly boot: string | null;
  readonly host: string;
}

/** `elsewhere`: another machine or container, whose processes cannot be looked at from here. */
export type OwnerState = 'alive' | 'dead' | 'elsewhere';

/** This process. */
export function thisOwner(): Owner {
  const { pid } = process;
  return { pid, started: processStart(pid), boot: bootId(), host: hostname() };
}

/** Whether an owner still lives. */
export function ownerState(owner: Owner): OwnerState {
  if (owner.host !== hostname()) return 'elsewhere';
  if (owner.boot !== bootId()) return 'dead';
  const started = processStart(owner.pid);
  return started !== null && started === owner.started ? 'alive' : 'dead';
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
export function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

function isStringOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
