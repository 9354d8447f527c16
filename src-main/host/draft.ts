/**
 * Names for what is on its way: files and directories that are filled first and renamed into place then, or renamed to the
 * trash and deleted then. The name tells whose work it is, so that what a crash cut off can be told from what goes on now.
 */
import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isSystemError } from '../protocol/errors.ts';
import { processStart } from './process-start.ts';

const PREFIX = '.new-';

let count = 0;

/** A name that no other draft has, of this process or of any other that shares the directory. */
export function draftName(): string {
  count += 1;
  const started = processStart(process.pid) ?? 'unknown';
  return `${PREFIX}${hostTag()}-${process.pid}-${started}-${Date.now()}-${count}`;
}

/** The names in a directory that are no drafts; none where there is no such directory. @throws the system's error. */
export async function finishedNames(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).filter((name) => !name.startsWith(PREFIX));
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** `elsewhere`: another machine or container, whose processes cannot be looked at from here. */
export interface DraftMaker {
  readonly state: 'alive' | 'gone' | 'elsewhere';
  /** When the draft was begun, in milliseconds since 1970. */
  readonly since: number;
}

/** Whose a draft is by its name, which may stand at the end of a longer one; undefined for names of other making. */
export function draftMaker(name: string): DraftMaker | undefined {
  const [, host, pid, started, since] =
    /\.new-(\w+)-(\d+)-(\w+)-(\d+)-\d+(?![-\d])/.exec(name) ?? [];
  if (since === undefined) return undefined;
  // Numbers of processes come again soon; with their time of start they do not.
  const alive = processStart(Number(pid)) === started;
  const state = host !== hostTag() ? 'elsewhere' : alive ? 'alive' : 'gone';
  return { state, since: Number(since) };
}

function hostTag(): string {
  return hostname().replace(/\W/g, '_');
}
