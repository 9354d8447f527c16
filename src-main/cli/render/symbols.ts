/** One shape for each thing that can become of a phase, so that nothing depends on colours. */
import type { Style } from '../terminal/style.ts';

export type Mark = 'run' | 'succeeded' | 'failed' | 'reused' | 'skipped' | 'kept' | 'held';

const SYMBOLS: Readonly<Record<Mark, string>> = {
  run: '▶',
  succeeded: '✓',
  failed: '✗',
  reused: '↺',
  skipped: '–',
  kept: '◆',
  held: '‖',
};

export function symbol(mark: Mark, style: Style): string {
  const colour = {
    run: style.blue,
    succeeded: style.green,
    failed: style.red,
    reused: style.green,
    skipped: style.dim,
    kept: style.yellow,
    held: style.yellow,
  }[mark];
  return colour(SYMBOLS[mark]);
}
