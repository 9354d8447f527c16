/** The same where snapshots are copies of whole trees: a kill can come in the middle of copying one. */
import { describe, it } from 'vitest';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';
import { killAtRandomMoments } from './killed.ts';

describe.skipIf(nixReason !== null)(titled('an engine that copies, killed', nixReason), () => {
  it('leaves whole snapshots, and the next start and run find nothing amiss', async () => {
    await killAtRandomMoments(12, (pid) => process.kill(-pid, 'SIGKILL'), {
      STRATA_SNAPSHOTTER: 'copy',
    });
  }, 300_000);
});
