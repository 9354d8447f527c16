/**
 * Reads what `sysdig -j` prints: one object a line with `evt.num`, `evt.outputtime` (nanoseconds since 1970), `evt.type`,
 * `evt.dir`, `evt.info`, `proc.name` and `thread.tid`, of which a version may lack some (seen in 0.41.4).
 */
import { SysdigReader } from './sysdig-reader.ts';

export class SysdigJsonReader extends SysdigReader {
  protected line(raw: string): boolean {
    // Some versions print the lines as an array.
    const text = raw.replace(/^[[\s,]+/, '').replace(/[\],\s]+$/, '');
    if (text === '') return true;
    const event = parsed(Buffer.from(text, 'latin1').toString('utf8'));
    const type = event?.['evt.type'];
    if (event === null || typeof type !== 'string') return false;
    const direction = event['evt.dir'];
    this.events.take({
      at: this.#time(event['evt.outputtime'] ?? event['evt.rawtime']),
      tid: numberIn(event['thread.tid'] ?? event['proc.pid']),
      program: wordsIn(event['proc.name']),
      direction: direction === '>' ? 'enter' : 'exit',
      type,
      fields: wordsIn(event['evt.info'] ?? event['evt.args']),
    });
    return true;
  }

  /** @returns milliseconds; a number loses less than a microsecond, as nanoseconds since 1970 exceed 2^53 */
  #time(value: unknown): number {
    if (typeof value !== 'number') return NaN;
    this.recorder.timesSince('epoch');
    return value / 1e6;
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

function numberIn(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;
}

function wordsIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
