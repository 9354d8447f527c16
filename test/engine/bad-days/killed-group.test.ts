/** As losing power does it, as far as that can be done to a part of a machine. */
import { describe, it } from 'vitest';
import { nixReason } from '../real-nix.ts';
import { titled } from '../snapshots/mounted.ts';
import { COUNT, killAtRandomMoments } from './killed.ts';

describe.skipIf(nixReason !== null)(
  titled('the process group of the engine killed at any moment', nixReason),
  () => {
    it('leaves whole snapshots, and the next start and run find nothing amiss', async () => {
      await killAtRandomMoments(COUNT, (pid) => process.kill(-pid, 'SIGKILL'));
    }, 600_000);
  },
);
