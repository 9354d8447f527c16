/** What the pane shows of traced processes: which of them, which of their lookups, and where a library came from. */
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

/** The directory of the search path in which a library was found; null where the path says it no more. */
export function originOf({ found, searched }: LookupView): LookupView['searched'][number] | null {
  if (found === null) return null;
  const directory = found.replace(/\/[^/]*$/, '');
  return (
    searched.find((one) => one.directory === directory) ??
    // Variants for this processor lie below the directory that is named.
    searched.find((one) => directory.startsWith(`${one.directory}/`)) ??
    null
  );
}

export interface SearchStep {
  readonly directory: string;
  readonly origin: Searched['origin'];
  readonly from: string | null;
  /** How many directories below it were searched as well, for variants of this processor. */
  readonly variants: number;
  /**
   * Whether the loader passed over it without a word: a directory that did not exist once is not searched again by a process
   * (glibc, elf/dl-load.c, `open_path`).
   */
  readonly passedOver: boolean;
}

type Searched = LookupView['searched'][number];

/** Subdirectories for processors: glibc-hwcaps of 2.33 and later, and what was before. */
const VARIANT =
  /(?:\/(?:glibc-hwcaps\/[^/]+|tls|haswell|avx512_1|xeon_phi|x86_64|i[3-6]86|sse2))+$/;

/** The search path of a lookup as it was written down: without variants, and with what was passed over. */
export function searchSteps(
  list: readonly LookupView[],
  lookup: LookupView,
): readonly SearchStep[] {
  const steps: SearchStep[] = [];
  const add = ({ directory, origin, from }: Searched, passedOver: boolean): void => {
    const base = directory.replace(VARIANT, '');
    const at = steps.findIndex((one) => one.directory === base && one.origin === origin);
    const known = steps[at];
    if (known === undefined) {
      steps.push({
        directory: base,
        origin,
        from,
        variants: base === directory ? 0 : 1,
        passedOver,
      });
    } else if (base !== directory) steps[at] = { ...known, variants: known.variants + 1 };
  };
  const searched = new Set(lookup.searched.map(({ directory }) => directory.replace(VARIANT, '')));
  for (const earlier of list.slice(0, list.indexOf(lookup))) {
    for (const one of earlier.searched) {
      const isLasting = one.origin !== 'cache' && one.origin !== 'direct';
      const base = one.directory.replace(VARIANT, '');
      if (isLasting && !searched.has(base) && earlier.requestedBy === lookup.requestedBy) {
        add({ ...one, directory: base }, true);
      }
    }
  }
  for (const one of lookup.searched) add(one, false);
  return steps;
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
export function originName(origin: LookupView['searched'][number]['origin']): string {
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
