/** Traced processes as the protocol carries them: lists of lookups that processes share are told once. */
import type { CallResult, LibraryDifferenceView } from '../protocol/methods.ts';
import { compareLibraries, type LibraryDifference } from '../trace/comparison.ts';
import type { Lookup, TracedProcess } from '../trace/lookups.ts';
import { foundThrough } from '../trace/resolution-tree.ts';
import { searchedPlaces } from '../trace/searched-places.ts';
import type { LibraryTrace } from './run-libraries.ts';

export function librariesView(
  traced: readonly string[],
  processes: readonly TracedProcess[],
  notUnderstood: number,
): CallResult<'libraries'> {
  const numbers = new Map<readonly Lookup[], number>();
  for (const { lookups } of processes) {
    if (!numbers.has(lookups)) numbers.set(lookups, numbers.size);
  }
  return {
    traced: [...traced],
    processes: processes.map(({ pid, program, parent, phase, lookups, errors }) => ({
      pid,
      program,
      parent,
      phase,
      lookups: numbers.get(lookups) ?? 0,
      errors: errors.map((error) => ({ ...error })),
    })),
    lists: Array.from(numbers.keys(), listView),
    notUnderstood,
  };
}

function listView(list: readonly Lookup[]): CallResult<'libraries'>['lists'][number] {
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

export function comparisonView(
  left: LibraryTrace,
  right: LibraryTrace,
): CallResult<'compareLibraries'> {
  const { differences, more, lone, same } = compareLibraries(left.processes, right.processes);
  return {
    left: sideView(left),
    right: sideView(right),
    differences: differences.map(differenceView),
    more,
    lone: lone.map((one) => ({ ...one })),
    same: { ...same },
  };
}

function sideView({
  traced,
  processes,
  notUnderstood,
}: LibraryTrace): CallResult<'compareLibraries'>['left'] {
  return { traced: [...traced], processes: processes.length, notUnderstood };
}

function differenceView(difference: LibraryDifference): LibraryDifferenceView {
  if ('error' in difference) return { ...difference, error: { ...difference.error } };
  return { ...difference, search: difference.search.map((row) => ({ ...row })) };
}
