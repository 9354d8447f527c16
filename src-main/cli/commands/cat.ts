/** `strata cat`: the bytes of a file in a snapshot. */
import { pipeline } from 'node:stream/promises';
import { StrataError } from '../../protocol/errors.ts';
import type { ExitStatus } from '../front.ts';
import { parseSnapshotPath } from '../options/snapshot-path.ts';
import { withEngine } from './opened-engine.ts';

export async function cat(words: string): Promise<ExitStatus> {
  await withEngine(async (engine) => {
    const parsed = parseSnapshotPath(words);
    // RUN:PHASE looks like a snapshot and a path.
    const alone = words.replace(/:$/, '');
    const isAlone = !words.includes('/') && (await engine.isSnapshot(alone));
    if (parsed === null || isAlone) throw noPath(words, isAlone ? alone : 'last:buildPhase');
    const file = await engine.cat(parsed.snapshot, parsed.path);
    await pipeline(file, process.stdout, { end: false });
  });
  return 0;
}

function noPath(words: string, snapshot: string): StrataError {
  return new StrataError({
    code: 'usage',
    operation: `reading ${words}`,
    reason: 'it names no file of a snapshot',
    advice: `give SNAPSHOT:PATH, as in ${snapshot}:/build/env-vars; strata diff SNAPSHOT says which files a phase changed`,
  });
}
