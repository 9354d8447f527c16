/** The copy backend as a user without any privilege. */
import { describe, test } from 'vitest';
import { copySnapshotter } from '../../../src-main/snapshots/copy-snapshotter.ts';
import { conformance } from './conformance.ts';
import { becomeOrdinaryUser, namespaceRefusal, titled } from './mounted.ts';

const refusal = becomeOrdinaryUser() ?? namespaceRefusal();

if (refusal === null) {
  describe('copied snapshots of an ordinary user', () => {
    conformance(copySnapshotter);
  });
} else {
  // One skip says it for all of them.
  test.skip(titled('copied snapshots of an ordinary user', refusal));
}
