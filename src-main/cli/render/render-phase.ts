/** The lines about one phase in a run: its beginning, its log, its end. */
import { formatDuration } from '../terminal/human-units.ts';
import type { Style } from '../terminal/style.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import { symbol } from './symbols.ts';

export type PhaseEnd =
  | { readonly status: 'succeeded'; readonly ms: number }
  | { readonly status: 'failed'; readonly ms: number; readonly exitCode: number }
  | { readonly status: 'reused' }
  | { readonly status: 'skipped'; readonly why: string };

export function renderPhaseStart(phase: string, style: Style): string {
  return `${symbol('run', style)} ${style.bold(phase)}`;
}

/** A line of the log. The bar before it tells it from lines of Strata's own, which no build can imitate. */
export function renderLogLine(line: string, style: Style): string {
  const text = terminalText(line, style.mode === 'colours' ? 'keep' : 'drop');
  return `${style.dim('│')} ${text}`.trimEnd();
}

export function renderPhaseEnd(phase: string, end: PhaseEnd, style: Style): string {
  switch (end.status) {
    case 'succeeded':
      return `${symbol('succeeded', style)} ${style.bold(phase)} ${formatDuration(end.ms)}`;
    case 'failed': {
      const how = `failed ${howItEnded(end.exitCode)} after ${formatDuration(end.ms)}`;
      return `${symbol('failed', style)} ${style.bold(phase)} ${style.red(how)}`;
    }
    case 'reused':
      return `${symbol('reused', style)} ${phase} ${style.dim('reused')}`;
    case 'skipped':
      return `${symbol('skipped', style)} ${style.dim(`${phase} skipped${end.why === '' ? '' : ` (${end.why})`}`)}`;
  }
}

/** `with exit code 1`; a code above 128 is how a shell tells of a signal. */
export function howItEnded(exitCode: number): string {
  const signal = SIGNALS.get(exitCode - 128);
  return signal === undefined
    ? `with exit code ${exitCode}`
    : `by ${signal} (exit code ${exitCode})`;
}

/** Those that end builds; see signal(7). */
const SIGNALS: ReadonlyMap<number, string> = new Map([
  [1, 'SIGHUP'],
  [2, 'SIGINT'],
  [4, 'SIGILL'],
  [6, 'SIGABRT'],
  [7, 'SIGBUS'],
  [8, 'SIGFPE'],
  [9, 'SIGKILL, as when memory runs out'],
  [11, 'SIGSEGV'],
  [13, 'SIGPIPE'],
  [15, 'SIGTERM'],
]);
