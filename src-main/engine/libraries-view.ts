/** Traced processes as the protocol carries them: processes with the numbers of their lists, and the lists one by one. */
import type {
  CallResult,
  LibrariesView,
  LibraryDifferenceView,
  LookupView,
} from '../protocol/methods.ts';
import { compareLibraries, type LibraryDifference } from '../trace/comparison.ts';
import type { Lookup, TracedProcess } from '../trace/lookups.ts';
import { findingText } from '../trace/finding-text.ts';
import { isSerious } from '../trace/library-findings.ts';
import { foundThrough } from '../trace/resolution-tree.ts';
import { searchedPlaces } from '../trace/searched-places.ts';
import type { LibraryCheck } from './check-libraries.ts';
import { NO_SILENCES, silenceText, type Silences } from './run-silences.ts';

export interface NumberedLookups {
  readonly processes: readonly TracedProcess[];
  readonly view: LibrariesView;
  /** As the view numbers them. */
  readonly lists: readonly (readonly Lookup[])[];
}

export function numberedLookups({
  traced,
  processes,
  silent,
  notUnderstood,
}: {
  readonly traced: readonly string[];
  readonly processes: readonly TracedProcess[];
  readonly silent: Silences;
  readonly notUnderstood: number;
}): NumberedLookups {
  const numbers = new Map<readonly Lookup[], number>();
  for (const { lookups } of processes) {
    if (!numbers.has(lookups)) numbers.set(lookups, numbers.size);
  }
  const lists = [...numbers.keys()];
  return {
    processes,
    lists,
    view: {
      traced: [...traced],
      processes: processes.map(({ pid, program, parent, phase, lookups, errors }) => ({
        pid,
        program,
        parent,
        phase,
        lookups: numbers.get(lookups) ?? 0,
        errors: errors.map((error) => ({ ...error })),
      })),
      lists: lists.map((list) => ({
        lookups: list.length,
        misses: list.filter(({ found }) => found === null).length,
      })),
      silent: {
        programs: silent.programs.map((one) => ({ ...one, why: silenceText(one.why) })),
        untold: [...silent.untold],
      },
      notUnderstood,
    },
  };
}

/** Files that were checked without running them, and what is wrong with them in words. */
export function libraryCheckView({ files, findings }: LibraryCheck): CallResult<'checkLibraries'> {
  return {
    files: files.map(({ program, kind, lookups, errors }) => ({
      program,
      kind,
      lookups: lookupViews(lookups),
      errors: errors.map((error) => ({ ...error })),
    })),
    findings: findings.map((finding) => {
      const { text, advice } = findingText(finding);
      return { text, advice: [...advice], serious: isSerious(finding), files: [...finding.files] };
    }),
  };
}

/** One list. */
export function lookupViews(list: readonly Lookup[]): LookupView[] {
  const searches = searchedPlaces(list);
  return list.map(({ library, requestedBy, kind, found, searched, tried }, index) => ({
    library,
    requestedBy,
    kind,
    found,
    through: foundThrough({ library, found, searched }),
    places: (searches[index] ?? []).map((place) => ({ ...place })),
    tried: tried.map((one) => ({ ...one })),
  }));
}

/** The numbers of the lists that a filter for a library leaves; `words` in small letters. */
export function listsWith(lists: readonly (readonly Lookup[])[], words: string): number[] {
  const numbers: number[] = [];
  for (const [number, list] of lists.entries()) {
    const has = list.some(
      ({ library, found }) =>
        library.toLowerCase().includes(words) || (found?.toLowerCase().includes(words) ?? false),
    );
    if (has) numbers.push(number);
  }
  return numbers;
}

/** Two traces side by side; null stands for one that tells of no libraries. */
export function comparisonView(
  left: NumberedLookups | null,
  right: NumberedLookups | null,
): CallResult<'compareLibraries'> {
  const compared = compareLibraries(left?.processes ?? [], right?.processes ?? []);
  const { differences, more, lone, same } = compared;
  return {
    left: sideView(left),
    right: sideView(right),
    differences: differences.map(differenceView),
    more,
    lone: lone.map((one) => ({ ...one })),
    same: { ...same },
  };
}

function sideView(side: NumberedLookups | null): CallResult<'compareLibraries'>['left'] {
  const { traced, processes, notUnderstood } = side?.view ?? NOTHING.view;
  return { traced: [...traced], processes: processes.length, notUnderstood };
}

function differenceView(difference: LibraryDifference): LibraryDifferenceView {
  if ('error' in difference) return { ...difference, error: { ...difference.error } };
  return { ...difference, search: difference.search.map((row) => ({ ...row })) };
}

/** Of files that tell of no libraries. */
export const NOTHING: NumberedLookups = numberedLookups({
  traced: [],
  processes: [],
  silent: NO_SILENCES,
  notUnderstood: 0,
});
