/**
 * The lookups of a process as the tree that ldd and libtree show: under each file what was looked for because of it. A library
 * is looked for once, so it stands below the first that needs it.
 */
import { fileInDirectory } from './file-in-directory.ts';
import type { LoadError, Lookup, Resolution, SearchedDirectory } from './lookups.ts';
import { searchedPlaces, type SearchedPlace } from './searched-places.ts';

export interface ResolutionNode {
  readonly lookup: Lookup;
  /** Why the file was found where it is; null where nothing was found. */
  readonly through: SearchedDirectory | null;
  readonly places: readonly SearchedPlace[];
  readonly needs: readonly ResolutionNode[];
}

/** One library that a process found in several places: two versions of it in one process, as a rule a mistake. */
export interface Duplicate {
  readonly library: string;
  readonly paths: readonly string[];
}

export interface ResolutionTree {
  readonly program: string | null;
  /** What the program, or nobody the trace names, asked for; in the order it was asked for. */
  readonly roots: readonly ResolutionNode[];
  readonly duplicates: readonly Duplicate[];
  readonly errors: readonly LoadError[];
}

export function resolutionTree(process: Resolution): ResolutionTree {
  const roots: ResolutionNode[] = [];
  const needsOf = new Map<string, ResolutionNode[]>();
  const places = searchedPlaces(process.lookups);
  for (const [index, lookup] of process.lookups.entries()) {
    const { found, requestedBy } = lookup;
    const needs: ResolutionNode[] = [];
    const node: ResolutionNode = {
      lookup,
      through: foundThrough(lookup),
      places: places[index] ?? [],
      needs,
    };
    // Those that ask were found before: so the tree has no circles.
    const asker = requestedBy === null ? undefined : needsOf.get(requestedBy);
    (asker ?? roots).push(node);
    if (found !== null && !needsOf.has(found)) needsOf.set(found, needs);
  }
  return {
    program: process.program,
    roots,
    duplicates: duplicatesOf(process.lookups),
    errors: process.errors,
  };
}

/** Whether something was looked for in vain or went wrong. */
export function hasFailed({ lookups, errors }: Resolution): boolean {
  return errors.length > 0 || lookups.some(({ found }) => found === null);
}

/** The directory of the search path that led to the file. */
export function foundThrough({
  library,
  found,
  searched,
}: Pick<Lookup, 'library' | 'found' | 'searched'>): SearchedDirectory | null {
  if (found === null) return null;
  // The cache holds whole paths, and it is asked after all directories but the system's.
  const cache = searched.find(({ origin }) => origin === 'cache') ?? null;
  const direct = searched.find(({ origin }) => origin === 'direct') ?? null;
  const isDirectory = ({ directory }: SearchedDirectory): boolean =>
    fileInDirectory(directory, library) === found;
  const last = searched.at(-1);
  if (cache !== null && last === cache) return cache;
  return searched.findLast(isDirectory) ?? direct ?? cache;
}

/** By the name they were asked for, or by their file's name where it was a path. */
function duplicatesOf(lookups: readonly Lookup[]): readonly Duplicate[] {
  const places = new Map<string, Set<string>>();
  for (const { library, found } of lookups) {
    if (found === null) continue;
    const name = library.slice(library.lastIndexOf('/') + 1);
    const paths = places.get(name);
    if (paths === undefined) places.set(name, new Set([found]));
    else paths.add(found);
  }
  return [...places]
    .filter(([, paths]) => paths.size > 1)
    .map(([library, paths]) => ({ library, paths: [...paths] }));
}
