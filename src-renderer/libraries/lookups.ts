/** What the pane shows of traced processes: which of them, which of their lookups, and in what words. */
import type { CallResult } from '../../src-main/protocol/methods.ts';
import type { LookupView, TracedProcessView } from '../../src-main/protocol/methods.ts';

export type Libraries = CallResult<'libraries'>;

export interface LibraryFilter {
  /** Part of a program's or a library's name; empty for all. */
  readonly words: string;
  /** Only processes that did not find something, and only that. */
  readonly missing: boolean;
}

export interface ShownProcess {
  readonly process: TracedProcessView;
  /** Lookups that found nothing. */
  readonly misses: number;
}

/** The processes that a filter leaves, those with misses or errors first where only these are wanted. */
export function shownProcesses(
  { processes, lists }: Libraries,
  { words, missing }: LibraryFilter,
): readonly ShownProcess[] {
  const wanted = words.toLowerCase();
  const misses = lists.map((list) => list.filter(isMiss).length);
  const names = lists.map((list) => list.some((lookup) => matches(lookup, wanted)));
  return processes.flatMap((process) => {
    const missed = misses[process.lookups] ?? 0;
    if (missing && missed === 0 && process.errors.length === 0) return [];
    const named = (process.program ?? '').toLowerCase().includes(wanted);
    return named || names[process.lookups] === true ? [{ process, misses: missed }] : [];
  });
}

/** The lookups of a process that a filter leaves; all where it was the program that was meant. */
export function shownLookups(
  { lists }: Libraries,
  { lookups, program }: TracedProcessView,
  { words, missing }: LibraryFilter,
): readonly LookupView[] {
  const wanted = words.toLowerCase();
  const all = lists[lookups] ?? [];
  const named = (program ?? '').toLowerCase().includes(wanted);
  return all.filter((lookup) => (named || matches(lookup, wanted)) && (!missing || isMiss(lookup)));
}

function isMiss({ found }: LookupView): boolean {
  return found === null;
}

function matches({ library, found }: LookupView, wanted: string): boolean {
  return library.toLowerCase().includes(wanted) || (found ?? '').toLowerCase().includes(wanted);
}

/** The tried files that say something: not those that were merely not there. */
export function tellingTries({ tried }: LookupView): LookupView['tried'] {
  return tried.filter(({ outcome }) => outcome !== 'missing' && outcome !== 'unknown');
}

const ORIGINS = {
  RPATH: 'RPATH',
  RUNPATH: 'RUNPATH',
  LD_LIBRARY_PATH: 'LD_LIBRARY_PATH',
  cache: 'ld.so.cache',
  system: 'system',
  direct: 'by path',
} as const;

/** How an origin is called on screen. */
export function originName(origin: LookupView['places'][number]['origin']): string {
  return ORIGINS[origin];
}

const OUTCOMES = {
  found: 'found',
  missing: 'does not exist',
  'not-elf': 'is no ELF file',
  'wrong-class': 'is of another class (32 or 64 bits)',
  'wrong-machine': 'is for another machine',
  refused: 'was refused',
  unknown: 'was not taken',
} as const;

/** What became of a file that was tried, as a clause. */
export function outcomeText(outcome: LookupView['tried'][number]['outcome']): string {
  return OUTCOMES[outcome];
}

/** A program's name without its directory; the number where the trace names none. */
export function processName({ program, pid }: TracedProcessView): string {
  return program === null ? `process ${pid}` : (program.split('/').at(-1) ?? program);
}
