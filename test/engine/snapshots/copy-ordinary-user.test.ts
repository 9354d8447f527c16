/** The copy backend as a user without any privilege. */
import { describe } from 'vitest';
import { copySnapshotter } from '../../../src-main/snapshots/copy-snapshotter.ts';
import { conformance } from './conformance.ts';
import { becomeOrdinaryUser, namespaceRefusal, titled } from './mounted.ts';

const refusal = becomeOrdinaryUser() ?? namespaceRefusal();

describe.skipIf(refusal !== null)(titled('copied snapshots of an ordinary user', refusal), () => {
  conformance(copySnapshotter);
});
