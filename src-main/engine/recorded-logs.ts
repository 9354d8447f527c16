/** The logs of phases that have ended: what each printed, every byte as it was. */
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { StrataError } from '../protocol/errors.ts';
import { readLogLines } from '../phases/log-lines.ts';
import { LOG_FILE } from '../phases/phase-log.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import { findRun, findSnapshot } from '../phases/snapshot-reference.ts';

export interface RecordedLog {
  readonly phase: string;
  readonly bytes: () => NodeJS.ReadableStream;
  /** As people see them: the display lines for Nix are left out. */
  readonly lines: () => AsyncIterable<string>;
}

/**
 * The log of a snapshot's phase, or for a run those of its setup and all its phases in order. A phase that was reused has
 * the log of when it ran.
 *
 * @throws StrataError `not-found`, or `usage` where a prefix fits several.
 */
export async function recordedLogs(
  store: PhaseStore,
  reference: string,
): Promise<readonly RecordedLog[]> {
  const run = reference.includes(':') ? null : await findRun(store, reference);
  const snapshots =
    run === null
      ? [await namedSnapshot(store, reference)]
      : [{ name: 'setup', snapshot: run.initial }, ...run.phases];
  const logs = snapshots.flatMap(({ name, snapshot }) =>
    snapshot === null ? [] : logOf(name, join(store.snapshotDirectory(snapshot), LOG_FILE)),
  );
  if (logs.length > 0) return logs;
  throw new StrataError({
    code: 'not-found',
    operation: `looking for the log of ${reference}`,
    reason:
      run === null
        ? 'it is a state that a shell left, and no phase printed anything there'
        : 'no phase of that run has ended',
    advice: 'list what there is: strata ls',
  });
}

async function namedSnapshot(
  store: PhaseStore,
  reference: string,
): Promise<{ readonly name: string; readonly snapshot: string }> {
  const { record } = await findSnapshot(store, reference);
  return { name: record.phase, snapshot: record.id };
}

function logOf(phase: string, path: string): readonly RecordedLog[] {
  if (!existsSync(path)) return [];
  return [{ phase, bytes: () => createReadStream(path), lines: () => readLogLines(path) }];
}
