/** The copy backend as whoever runs the tests. */
import { describe } from 'vitest';
import { copySnapshotter } from '../../../src-main/snapshots/copy-snapshotter.ts';
import { conformance } from './conformance.ts';
import { namespaceRefusal, titled } from './mounted.ts';

const refusal = namespaceRefusal();

describe.skipIf(refusal !== null)(titled('copied snapshots', refusal), () => {
  conformance(copySnapshotter);
});
