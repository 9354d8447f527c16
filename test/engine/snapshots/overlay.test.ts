/** The overlay backend as whoever runs the tests. */
import { describe } from 'vitest';
import { overlaySnapshotter } from '../../../src-main/snapshots/overlay-snapshotter.ts';
import { conformance } from './conformance.ts';
import { overlayRefusal, titled } from './mounted.ts';

const refusal = await overlayRefusal();

describe.skipIf(refusal !== null)(titled('overlay snapshots', refusal), () => {
  conformance(overlaySnapshotter);
});
