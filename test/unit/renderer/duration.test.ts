import { assert, describe, it } from 'vitest';
import { ago, duration, exactDuration } from '../../../src-renderer/timeline/duration.ts';

describe('times', () => {
  it('are short where there is little room', () => {
    assert.deepStrictEqual(
      [0, 3, 49, 50, 100, 12_340, 59_940, 59_960, 245_000, 3_599_900, 3_725_000].map(duration),
      [
        '0 s',
        '3 ms',
        '49 ms',
        '0.1 s',
        '0.1 s',
        '12.3 s',
        '59.9 s',
        '1 min 00 s',
        '4 min 05 s',
        '1 h 00 min',
        '1 h 02 min',
      ],
    );
  });

  it('are exact to the millisecond in tooltips', () => {
    assert.deepStrictEqual([7, 12_345, 245_120].map(exactDuration), [
      '7 ms',
      '12.345 s',
      '4 min 05.120 s',
    ]);
  });

  it('tell how long ago something was', () => {
    const now = Date.UTC(2026, 0, 2);
    assert.deepStrictEqual(
      [0, 59_000, 240_000, 3 * 3_600_000].map((before) => ago(now - before, now)),
      ['just now', 'just now', '4 min ago', '3 h ago'],
    );
  });
});
