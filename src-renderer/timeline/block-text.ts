/** What a block says: in itself, to a screen reader, and in its tooltip. */
import { duration } from './duration.ts';
import type { Block, BlockState } from './lanes.ts';

export const STATE_WORDS: Readonly<Record<BlockState, string>> = {
  'will-run': 'to run',
  'will-reuse': 'to be reused',
  'will-skip': 'to be skipped',
  waiting: 'waiting',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  stopped: 'stopped',
  reused: 'reused',
  skipped: 'skipped',
  'not-run': 'not run',
};

/** Which breakpoints a phase has. */
export type Breaks = 'none' | 'before' | 'after' | 'both';

const BREAK_WORDS: Readonly<Record<Exclude<Breaks, 'none'>, string>> = {
  before: 'breakpoint before',
  after: 'breakpoint after',
  both: 'breakpoints before and after',
};

export function breaksOf(before: boolean, after: boolean): Breaks {
  if (before) return after ? 'both' : 'before';
  return after ? 'after' : 'none';
}

/** The accessible name: `fixupPhase, succeeded, 0.1 s`. */
export function blockName(block: Block): string {
  return [block.phase, STATE_WORDS[block.state], blockTime(block)]
    .filter((part) => part !== '')
    .join(', ');
}

/** The same with its breakpoints: `fixupPhase, succeeded, 0.1 s, breakpoint after`. */
export function markedName(block: Block, breaks: Breaks): string {
  return breaks === 'none' ? blockName(block) : `${blockName(block)}, ${BREAK_WORDS[breaks]}`;
}

/** The time worth saying of it; empty where there is none. */
export function blockTime({ state, ms, savedMs }: Block): string {
  switch (state) {
    case 'succeeded':
    case 'failed':
    case 'stopped':
    case 'running':
      return duration(ms);
    case 'will-reuse':
      return savedMs > 0 ? `saves ${duration(savedMs)}` : '';
    case 'reused':
      return savedMs > 0 ? `saved ${duration(savedMs)}` : '';
    case 'will-run':
    case 'waiting':
      return ms > 0 ? `about ${duration(ms)}` : '';
    case 'will-skip':
    case 'skipped':
    case 'not-run':
      return '';
  }
}

/** The phase's name without what all of them end in. */
export function shortName(phase: string): string {
  return phase.length > 5 && phase.endsWith('Phase') ? phase.slice(0, -5) : phase;
}

/** The same in as few letters as a block has room for: `−3.1 s` is what reusing saves. */
export function shortTime(block: Block): string {
  return blockTime(block)
    .replace(/^save[sd] /, '−')
    .replace(/^about /, '~');
}

/** The width at which a block's words can be read whole, in rem; an estimate, for the system's fonts differ. */
export function naturalWidth(block: Block): number {
  const time = shortTime(block);
  const words = shortName(block.phase).length * 0.49;
  // Those without a time are low, and have their mark beside the name.
  return 0.9 + (time === '' ? words + 1 : Math.max(words, 1.1 + time.length * 0.43));
}

/** Whether nothing happened in it. */
export function isQuiet({ state }: Block): boolean {
  return state === 'skipped' || state === 'will-skip' || state === 'not-run';
}
