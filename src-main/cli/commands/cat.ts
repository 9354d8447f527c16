/** `strata cat`: the bytes of a file in a snapshot. */
import { pipeline } from 'node:stream/promises';
import { StrataError } from '../../protocol/errors.ts';
import type { ExitStatus } from '../front.ts';
import { parseSnapshotPath } from '../options/snapshot-path.ts';
import { withEngine } from './opened-engine.ts';

export async function cat(words: string): Promise<ExitStatus> {
  const parsed = parseSnapshotPath(words);
  if (parsed === null) {
    throw new StrataError({
      code: 'usage',
      operation: `reading ${words}`,
      reason: 'it names no file of a snapshot',
      advice: 'give SNAPSHOT:PATH, as in last:buildPhase:/build/config.log',
    });
  }
  await withEngine(async (engine) => {
    const file = await engine.cat(parsed.snapshot, parsed.path);
    await pipeline(file, process.stdout, { end: false });
  });
  return 0;
}
