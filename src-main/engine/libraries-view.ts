/** Traced processes as the protocol carries them: lists of lookups that processes share are told once. */
import type { CallResult } from '../protocol/methods.ts';
import type { Lookup, TracedProcess } from '../trace/lookups.ts';
import { findingText } from '../trace/finding-text.ts';
import { isSerious } from '../trace/library-findings.ts';
import { foundThrough } from '../trace/resolution-tree.ts';
import { searchedPlaces } from '../trace/searched-places.ts';
import type { LibraryCheck } from './check-libraries.ts';

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

/** Files that were checked without running them, and what is wrong with them in words. */
export function libraryCheckView({ files, findings }: LibraryCheck): CallResult<'checkLibraries'> {
  return {
    files: files.map(({ program, kind, lookups, errors }) => ({
      program,
      kind,
      lookups: listView(lookups),
      errors: errors.map((error) => ({ ...error })),
    })),
    findings: findings.map((finding) => {
      const { text, advice } = findingText(finding);
      return { text, advice: [...advice], serious: isSerious(finding), files: [...finding.files] };
    }),
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
