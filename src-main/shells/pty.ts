/** node-pty, which is loaded where a terminal is opened: it is compiled, and may be missing. */
import type * as Pty from 'node-pty';
import { StrataError } from '../protocol/errors.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** @throws StrataError `environment` where it cannot be loaded. */
export async function loadPty(): Promise<typeof Pty> {
  try {
    return await import('node-pty');
  } catch (error) {
    throw new StrataError({
      code: 'environment',
      operation: 'opening a terminal',
      reason: `node-pty cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      advice: 'install it again: npm rebuild node-pty; strata shell needs none',
      cause: error,
    });
  }
}

/** A terminal of no columns is refused by the system, one of very many by programs. */
export function clamp(count: number): number {
  return Math.min(Math.max(Math.trunc(count) || 1, 1), 1000);
}
