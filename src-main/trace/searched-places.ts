/**
 * The searches of a process as people think of them: directories, without the subdirectories for processors that ld.so looks
 * into first, and with those that it passed over in silence. A directory that it once found not to exist is not searched again, and no longer printed as part of
 * the search path (glibc, elf/dl-load.c: `open_path`, `print_search_path`); the directory of a driver, which is what one looks
 * for, is such a one as soon as it was searched for libc.
 */
import { fileInDirectory } from './file-in-directory.ts';
import type { Lookup, SearchOrigin, SearchedDirectory, TryOutcome } from './lookups.ts';
import { isVariantOf } from './processor-variants.ts';

export interface SearchedPlace extends SearchedDirectory {
  /**
   * What became of the file in it, or of the one that the cache names; `passed-over` where the directory does not exist; null
   * where none was tried: the cache names none, or the search ended before.
   */
  readonly outcome: TryOutcome | 'passed-over' | null;
  /** How many directories below it were searched as well, for variants of this processor. */
  readonly variants: number;
}

/** The order in which they are searched (ld.so(8)). */
const ORDER: readonly SearchOrigin[] = [
  'direct',
  'RPATH',
  'LD_LIBRARY_PATH',
  'RUNPATH',
  'cache',
  'system',
];

/**
 * The places of each lookup of one process, in the order they were searched. Time grows with the directories alone.
 *
 * @param lookups all of the process in their order: what a later one passed over is known from those before
 */
export function searchedPlaces(lookups: readonly Lookup[]): readonly (readonly SearchedPlace[])[] {
  const paths = new KnownPaths();
  return lookups.map((lookup) => {
    const printed = printedPlaces(lookup);
    if (printed.some(({ origin }) => origin === 'direct')) return printed;
    const places = withPassedOver(lookup, printed, paths.of(lookup.requestedBy));
    paths.learn(lookup.requestedBy, printed);
    return places;
  });
}

/** What ld.so printed of the search. */
function printedPlaces({ library, searched, tried }: Lookup): readonly SearchedPlace[] {
  const outcomes = new Map(tried.map(({ path, outcome }) => [path, outcome]));
  const fileIn = ({ directory, origin }: SearchedDirectory): string =>
    origin === 'direct' ? library : fileInDirectory(directory, library);
  const inDirectories = new Set(searched.map(fileIn));
  const cached = tried.find(({ path }) => !inDirectories.has(path))?.outcome ?? null;
  return withoutSubdirectories(searched).map((place) => ({
    ...place,
    outcome: place.origin === 'cache' ? cached : (outcomes.get(fileIn(place)) ?? null),
  }));
}

/** The directories without those for variants of a processor, which are counted: they differ by glibc and by machine. */
export function withoutSubdirectories(
  searched: readonly SearchedDirectory[],
): readonly (SearchedDirectory & Pick<SearchedPlace, 'variants'>)[] {
  const kept: (SearchedDirectory & { variants: number })[] = [];
  // A directory stands after its subdirectories.
  for (const place of searched.toReversed()) {
    const after = kept.at(-1);
    const isVariant =
      after !== undefined &&
      partOf(after) === partOf(place) &&
      isVariantOf(place.directory, after.directory);
    if (isVariant) after.variants += 1;
    else kept.push({ ...place, variants: 0 });
  }
  return kept.reverse();
}

/** A part of a search path is what one variable or one file gives: LD_LIBRARY_PATH, the RUNPATH of a file. */
function partOf({ origin, from }: SearchedDirectory): string {
  return `${origin} ${from ?? ''}`;
}

/** Directories by the part of the search path they belong to, each part in its order. */
type Parts = ReadonlyMap<string, ReadonlyMap<string, SearchedDirectory>>;
type GrowingParts = Map<string, Map<string, SearchedDirectory>>;

/** The search path as far as lookups have shown it. RPATH and RUNPATH depend on who asks, the rest is searched for everybody. */
class KnownPaths {
  readonly #everybodys: GrowingParts = new Map();
  /** Null for those whom the trace does not name. */
  readonly #own = new Map<string | null, GrowingParts>();

  of(asker: string | null): Parts {
    return new Map([...this.#everybodys, ...(this.#own.get(asker) ?? [])]);
  }

  learn(asker: string | null, places: readonly SearchedDirectory[]): void {
    for (const { directory, origin, from } of places) {
      if (origin === 'cache') continue;
      const parts =
        origin === 'RPATH' || origin === 'RUNPATH' ? this.#ownOf(asker) : this.#everybodys;
      const part = partOf({ directory, origin, from });
      const directories = parts.get(part) ?? new Map<string, SearchedDirectory>();
      parts.set(part, directories);
      if (!directories.has(directory)) directories.set(directory, { directory, origin, from });
    }
  }

  #ownOf(asker: string | null): GrowingParts {
    const known = this.#own.get(asker);
    if (known !== undefined) return known;
    const parts: GrowingParts = new Map();
    this.#own.set(asker, parts);
    return parts;
  }
}

/** With what belongs to the path of a lookup, was come to, and was not printed: for that is not there. */
function withPassedOver(
  { found }: Lookup,
  printed: readonly SearchedPlace[],
  known: Parts,
): readonly SearchedPlace[] {
  const parts = new Map<string, SearchedPlace[]>();
  for (const place of printed) {
    const part = parts.get(partOf(place));
    if (part === undefined) parts.set(partOf(place), [place]);
    else part.push(place);
  }
  const last = Math.max(...printed.map(({ origin }) => ORDER.indexOf(origin)));
  let isPassedOver = false;
  for (const [part, directories] of known) {
    const [first] = directories.values();
    // A part is printed as a whole when it is come to, and the parts after the one with the file are not come to.
    const isReached =
      found === null ||
      parts.has(part) ||
      (first !== undefined && ORDER.indexOf(first.origin) < last);
    if (!isReached) continue;
    const places = parts.get(part) ?? [];
    const named = new Map(places.map((place) => [place.directory, place]));
    if (Array.from(directories.keys()).every((directory) => named.has(directory))) continue;
    isPassedOver = true;
    parts.set(part, [
      ...Array.from(
        directories.values(),
        (one): SearchedPlace =>
          named.get(one.directory) ?? { ...one, outcome: 'passed-over', variants: 0 },
      ),
      ...places.filter(({ directory }) => !directories.has(directory)),
    ]);
  }
  if (!isPassedOver) return printed;
  const rank = ({ origin }: SearchedPlace): number => ORDER.indexOf(origin);
  return [...parts.values()].flat().sort((one, other) => rank(one) - rank(other));
}
