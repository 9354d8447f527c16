/** The overlay backend as a user without any privilege. */
import { describe } from 'vitest';
import { overlaySnapshotter } from '../../../src-main/snapshots/overlay-snapshotter.ts';
import { conformance } from './conformance.ts';
import { becomeOrdinaryUser, overlayRefusal, titled } from './mounted.ts';

const refusal = becomeOrdinaryUser() ?? (await overlayRefusal());

describe.skipIf(refusal !== null)(titled('overlay snapshots of an ordinary user', refusal), () => {
  conformance(overlaySnapshotter);
});
