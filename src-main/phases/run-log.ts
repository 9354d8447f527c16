/**
 * The logs of a run, by its phases: `runs/ID/logs/PHASE/`, with the files of phase-log.ts. They are hard links to those
 * of the layer, made when these are opened, so that they are in one place while the phase runs, when it has been
 * committed, and when its layer was thrown away because the run was stopped or the result was there already.
 */
import { linkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isSystemError } from '../protocol/errors.ts';
import { LOG_FILE, TIMES_FILE } from './phase-log.ts';

/** Where the log of a phase that ran in a run is. */
export function runLogDirectory(runDirectory: string, phase: string): string {
  // A phase may have any name; that of a directory begins with a letter and has no slash.
  return join(runDirectory, 'logs', `p-${encodeURIComponent(phase)}`);
}

/** Keeps the log files that have been opened in `layer`. A file system without hard links keeps none. */
export function keepRunLog(runDirectory: string, phase: string, layer: string): void {
  const directory = runLogDirectory(runDirectory, phase);
  try {
    mkdirSync(directory, { recursive: true });
    for (const file of [LOG_FILE, TIMES_FILE]) linkSync(join(layer, file), join(directory, file));
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}
