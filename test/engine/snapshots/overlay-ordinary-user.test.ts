/** The overlay backend as a user without any privilege. */
import { describe, test } from 'vitest';
import { overlaySnapshotter } from '../../../src-main/snapshots/overlay-snapshotter.ts';
import { conformance } from './conformance.ts';
import { becomeOrdinaryUser, overlayRefusal, titled } from './mounted.ts';

const refusal = becomeOrdinaryUser() ?? (await overlayRefusal());

if (refusal === null) {
  describe('overlay snapshots of an ordinary user', () => {
    conformance(overlaySnapshotter);
  });
} else {
  // One skip says it for all of them.
  test.skip(titled('overlay snapshots of an ordinary user', refusal));
}
