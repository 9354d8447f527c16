/**
 * A search in vain as people think of it: directories, without the subdirectories for processors that ld.so looks into first
 * (glibc-hwcaps since 2.33; before, names such as tls/haswell/x86_64 in all combinations).
 */
import type { Lookup, SearchedDirectory, TryOutcome } from './lookups.ts';

export interface SearchedPlace extends SearchedDirectory {
  /**
   * What became of the file in it, or of the one that the cache names; null where none was tried: the cache names none, or the
   * search ended before.
   */
  readonly outcome: TryOutcome | null;
}

/** Below a directory of the search path; names of `_dl_important_hwcaps` and `dl_platform` for x86, POWER, s390 and ARM. */
const FOR_PROCESSORS =
  /^\/(?:glibc-hwcaps\/[^/]+|(?:(?:tls|haswell|xeon_phi|avx512_1|x86_64|i[3-6]86|sse2|cmov|power\d+|altivec|vsx|z\d+|neon|vfp|aarch64|atomics|v\d+l)(?:\/|$))+)$/;

/** In the order they were searched. Time grows with the directories alone. */
export function searchedPlaces({ library, searched, tried }: Lookup): readonly SearchedPlace[] {
  const outcomes = new Map(tried.map(({ path, outcome }) => [path, outcome]));
  const fileIn = ({ directory, origin }: SearchedDirectory): string =>
    origin === 'direct' ? library : `${directory === '/' ? '' : directory}/${library}`;
  const inDirectories = new Set(searched.map(fileIn));
  const cached = tried.find(({ path }) => !inDirectories.has(path))?.outcome ?? null;
  return withoutSubdirectories(searched).map((place) => ({
    ...place,
    outcome: place.origin === 'cache' ? cached : (outcomes.get(fileIn(place)) ?? null),
  }));
}

function withoutSubdirectories(
  searched: readonly SearchedDirectory[],
): readonly SearchedDirectory[] {
  const kept: SearchedDirectory[] = [];
  // A directory stands after its subdirectories.
  for (const place of searched.toReversed()) {
    const after = kept.at(-1);
    const isBelow =
      after?.origin === place.origin &&
      after.from === place.from &&
      place.directory.startsWith(after.directory) &&
      FOR_PROCESSORS.test(place.directory.slice(after.directory.length));
    if (!isBelow) kept.push(place);
  }
  return kept.reverse();
}
