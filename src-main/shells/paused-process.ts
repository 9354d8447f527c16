/** Finding the process of a build that has paused, from what its log said of it. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processParent, processStart } from '../host/process-start.ts';
import type { PausedMark } from '../nix/breakpoint-text.ts';
import { isSystemError } from '../protocol/errors.ts';

/** A process as the host counts it: its number alone may be another's by the time somebody uses it. */
export interface PausedProcess {
  readonly pid: number;
  /** As `processStart` gives it. */
  readonly start: string;
}

/** The hook prints its text a moment before it sleeps (milliseconds). */
const PATIENCE = 3000;
const POLL = 50;

/**
 * The process that waits, of whatever user: command lines can be read across users and namespaces. Null where there is
 * none, as where the build runs on another machine or a log only quotes the text. Only what Nix has started counts: any
 * other process can have such a command line too, of a stranger who waits for a visit or of nobody's build.
 */
export async function findPaused(
  mark: PausedMark,
  signal: AbortSignal,
): Promise<PausedProcess | null> {
  for (let waited = 0; ; waited += POLL) {
    const found = pausedNow(mark);
    if (found !== null || waited >= PATIENCE || signal.aborted) return found;
    await sleep(POLL);
  }
}

function pausedNow(mark: PausedMark): PausedProcess | null {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || !isPaused(commandLine(name), mark)) continue;
    const pid = Number(name);
    if (!isOfNix(pid)) continue;
    const start = processStart(pid);
    if (start !== null) return { pid, start };
  }
  return null;
}

/** Whether it comes from the Nix that this process has started, or from a daemon of root's. */
function isOfNix(pid: number): boolean {
  for (let at = processParent(pid); at !== null && at.parent > 1;) {
    const { parent } = at;
    const maker = processParent(parent);
    if (maker?.name === 'nix-store' && maker.parent === process.pid) return true;
    if (maker?.name === 'nix-daemon' && isRoots(parent)) return true;
    at = maker;
  }
  return false;
}

function isRoots(pid: number): boolean {
  try {
    return statSync(`/proc/${pid}`).uid === 0;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

/** Whether a command line is that of the process with this mark. */
export function isPaused(words: readonly string[], mark: PausedMark): boolean {
  switch (mark.kind) {
    case 'sleep': {
      // `sleep ID`, or as coreutils in one program have it: `coreutils --coreutils-prog-shebang=sleep …/bin/sleep ID`.
      const [program, id] = words.slice(-2);
      return words.length > 1 && basename(program ?? '') === 'sleep' && id === mark.id;
    }
    case 'cntr':
      // `sh -c "echo '… cntr-OUTPUT'; while true; do sleep 99999999; done"`
      return words[1] === '-c' && words[2]?.includes(`cntr-${mark.output}'`) === true;
  }
}

function commandLine(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch (error) {
    // It has ended meanwhile.
    if (isSystemError(error)) return [];
    throw error;
  }
}
