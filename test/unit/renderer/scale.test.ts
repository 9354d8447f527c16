import * as fc from 'fast-check';
import { assert, describe, it } from 'vitest';
import {
  fittingScale,
  laneWidth,
  placed,
  scaleBar,
  scrollAfterZoom,
  zoomed,
} from '../../../src-renderer/timeline/scale.ts';

const gap = 3;

describe('the width of blocks', () => {
  it('follows the time, and is never less than the words need', () => {
    const blocks = [
      { ms: 100, natural: 40, quiet: false },
      { ms: 0, natural: 60, quiet: false },
      { ms: 10, natural: 40, quiet: false },
    ];
    assert.deepStrictEqual(
      placed(blocks, { pixelsPerMs: 2, squeeze: 0.5, quietSqueeze: 0, narrowest: 28 }, gap),
      [
        { x: 0, width: 200 },
        { x: 203, width: 30 },
        { x: 236, width: 28 },
      ],
    );
  });

  it('fills the view with the longest lane', () => {
    const long = [
      { ms: 9000, natural: 50, quiet: false },
      { ms: 1000, natural: 50, quiet: false },
    ];
    const short = [{ ms: 5, natural: 50, quiet: false }];
    const scale = fittingScale([long, short], 1003, { gap, narrowest: 28 });
    assert.strictEqual(scale.squeeze, 1);
    assert.approximately(laneWidth(long, scale, gap), 1003, 0.01);
    assert.approximately(scale.pixelsPerMs, 0.1, 1e-6);
  });

  it('squeezes words where there are more than fit', () => {
    const blocks = Array.from({ length: 10 }, () => ({ ms: 0, natural: 100, quiet: false }));
    const scale = fittingScale([blocks], 627, { gap, narrowest: 28 });
    assert.isBelow(scale.squeeze, 1);
    assert.isAtMost(laneWidth(blocks, scale, gap), 627);
  });

  it('squeezes first what did nothing', () => {
    const blocks = [
      { ms: 0, natural: 100, quiet: false },
      { ms: 0, natural: 100, quiet: true },
    ];
    const scale = fittingScale([blocks], 180, { gap, narrowest: 28 });
    assert.strictEqual(scale.squeeze, 1);
    assert.isBelow(scale.quietSqueeze, 1);
  });

  it('never overflows where the narrowest blocks fit, whatever the times', () => {
    const block = fc.record({
      ms: fc.integer({ min: 0, max: 10_000_000 }),
      natural: fc.integer({ min: 30, max: 200 }),
      quiet: fc.boolean(),
    });
    const lanes = fc.array(fc.array(block, { maxLength: 12 }), { maxLength: 6 });
    fc.assert(
      fc.property(lanes, fc.integer({ min: 600, max: 4000 }), (list, width) => {
        const scale = fittingScale(list, width, { gap, narrowest: 28 });
        for (const lane of list) assert.isAtMost(laneWidth(lane, scale, gap), width + 0.01);
      }),
    );
  });
});

describe('the bar of the scale', () => {
  it('is a round time that fits', () => {
    assert.deepStrictEqual(scaleBar(0.1, 100), { ms: 1000, width: 100 });
    assert.deepStrictEqual(scaleBar(0.1, 60), { ms: 500, width: 50 });
    assert.deepStrictEqual(scaleBar(0.1, 25), { ms: 200, width: 20 });
  });

  it('is absent where nothing took time', () => {
    assert.isNull(scaleBar(0, 100));
  });
});

describe('zoom', () => {
  it('ends at the whole width and at the finest step', () => {
    assert.deepStrictEqual([zoomed(1, 0.5), zoomed(2, 1.5), zoomed(300, 4)], [1, 3, 400]);
  });

  it('keeps what is under the pointer in its place', () => {
    assert.strictEqual(scrollAfterZoom(100, 50, 1, 2), 250);
    assert.strictEqual(scrollAfterZoom(0, 50, 2, 1), 0);
  });
});
