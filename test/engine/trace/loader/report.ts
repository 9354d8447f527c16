/** What a trace tells of a process, in the words of the cases. */
import type { LoadError, Lookup, TracedProcess } from '../../../../src-main/trace/lookups.ts';
import { foundThrough, resolutionTree } from '../../../../src-main/trace/resolution-tree.ts';
import { searchedPlaces, type SearchedPlace } from '../../../../src-main/trace/searched-places.ts';

export interface Report {
  /** `liba.so for prog: lib/liba.so by RUNPATH of prog`; `?` for what is not told. */
  readonly lookups: readonly string[];
  /** `liba.so: none missing`. */
  readonly passed: readonly string[];
  /** `libx.so: cannot open shared object file: No such file or directory (fatal)`. */
  readonly errors: readonly string[];
  readonly initialisers: readonly string[];
  /** `liba.so: lib/liba.so other/liba.so`. */
  readonly duplicates: readonly string[];
}

/** What is everywhere and of nobody's interest here: libc and the loader. */
const EVERYWHERE = /(?:^|\/)(?:libc\.so\.\d|ld-linux[^/]*|ld64\.so\.\d)$/;

/** @param directory paths in it are told from there */
export function reportOf(process: TracedProcess, directory: string): Report {
  const short = (text: string): string => text.replaceAll(`${directory}/`, '');
  const isTold = (file: string): boolean => !EVERYWHERE.test(file);
  const told = process.lookups.filter(({ library }) => isTold(library));
  const places = searchedPlaces(process.lookups);
  const { duplicates } = resolutionTree(process);
  return {
    lookups: told.map((lookup) => short(lookupLine(lookup))),
    passed: process.lookups
      .flatMap(({ library }, index) =>
        isTold(library) ? (places[index] ?? []).flatMap((place) => passedLine(library, place)) : [],
      )
      .map(short),
    errors: process.errors.map((error) => short(errorLine(error))),
    initialisers: process.initialisers.filter(isTold).map(short),
    duplicates: duplicates
      .filter(({ library }) => isTold(library))
      .map(({ library, paths }) => short(`${library}: ${paths.join(' ')}`)),
  };
}

function lookupLine(lookup: Lookup): string {
  const { library, kind, found, requestedBy } = lookup;
  const through = foundThrough(lookup);
  const by = [through?.origin ?? '', through?.from ?? []].flat().join(' of ');
  const end = found === null ? 'not found' : `${found} by ${by}`;
  return `${kind === 'dlopen' ? 'dlopen ' : ''}${library} for ${requestedBy ?? '?'}: ${end}`;
}

function passedLine(library: string, { directory, origin, outcome }: SearchedPlace): string[] {
  if (origin === 'direct' || origin === 'cache' || origin === 'system') return [];
  return outcome === null || outcome === 'found' ? [] : [`${library}: ${directory} ${outcome}`];
}

function errorLine({ library, text, fatal }: LoadError): string {
  return `${library ?? '?'}: ${text}${fatal ? ' (fatal)' : ''}`;
}
