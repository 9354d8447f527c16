/** How work that a front asked for ended before its end. */
import { wasAborted } from '../host/process.ts';
import { StrataError } from '../protocol/errors.ts';

export interface Stopped {
  readonly event: 'stopped';
  /** Null where a person stopped it. */
  readonly error: string | null;
  readonly advice: string | null;
}

/** Whether it ended because a person stopped it. */
export function wasStopped(error: unknown, signal: AbortSignal): boolean {
  return wasAborted(signal) && error instanceof StrataError && error.code === 'cancelled';
}

export function stoppedBy(error: unknown, signal: AbortSignal): Stopped {
  if (wasStopped(error, signal)) return { event: 'stopped', error: null, advice: null };
  if (error instanceof StrataError) {
    const { message, advice = null, output } = error;
    const said = output === undefined || output === '' ? '' : `\n\n${output}`;
    return { event: 'stopped', error: `${message}${said}`, advice };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { event: 'stopped', error: text, advice: null };
}
