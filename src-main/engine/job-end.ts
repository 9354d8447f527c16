/** How work that a front asked for ended before its end. */
import { StrataError } from '../protocol/errors.ts';

export interface Stopped {
  readonly event: 'stopped';
  /** Null where a person stopped it. */
  readonly error: string | null;
  readonly advice: string | null;
}

export function stoppedBy(error: unknown, byPerson: boolean): Stopped {
  if (error instanceof StrataError) {
    if (byPerson && error.code === 'cancelled') {
      return { event: 'stopped', error: null, advice: null };
    }
    const { message, advice = null, output } = error;
    const said = output === undefined || output === '' ? '' : `\n\n${output}`;
    return { event: 'stopped', error: `${message}${said}`, advice };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { event: 'stopped', error: text, advice: null };
}
