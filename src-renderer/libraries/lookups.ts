/** What the pane shows of traced processes: which of them, which of their lookups, and in what words. */
import type {
  LibrariesView,
  LookupView,
  TracedProcessView,
} from '../../src-main/protocol/methods.ts';

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

/**
 * The processes that a filter leaves.
 *
 * @param named the lists with a library of that name; null where no name is filtered for
 */
export function shownProcesses(
  { processes, lists }: LibrariesView,
  { words, missing }: LibraryFilter,
  named: ReadonlySet<number> | null,
): readonly ShownProcess[] {
  const wanted = words.toLowerCase();
  return processes.flatMap((process) => {
    const misses = lists[process.lookups]?.misses ?? 0;
    if (missing && misses === 0 && process.errors.length === 0) return [];
    const isNamed =
      named === null ||
      named.has(process.lookups) ||
      (process.program ?? '').toLowerCase().includes(wanted);
    return isNamed ? [{ process, misses }] : [];
  });
}

/** The lookups of a process that a filter leaves; all where it was the program that was meant. */
export function shownLookups(
  all: readonly LookupView[],
  { program }: TracedProcessView,
  { words, missing }: LibraryFilter,
): readonly LookupView[] {
  const wanted = words.toLowerCase();
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
