/**
 * What is wrong with the ELF files of an output, without running one: libraries that would not be found, and directories of a
 * search path that lead nowhere or where they must not. One finding for all files that share it.
 */
import { foundThrough, resolutionTree } from './resolution-tree.ts';
import type { SearchOrigin } from './lookups.ts';
import type { StaticResolution } from './static-resolution.ts';

/** A file of that name which would be taken, and where it is: in an output, in an input, or left in the build directory. */
export interface Elsewhere {
  readonly path: string;
  readonly place: 'output' | 'input' | 'build';
}

/** What is wrong with a directory of RPATH or RUNPATH. */
export type PathProblem =
  /** It points into the build directory, which is gone after the build; nixpkgs' fixupPhase refuses that. */
  | 'build-directory'
  /** It depends on where the program is started. */
  | 'relative'
  | 'absent'
  /** No library is found through it; one that dlopen asks for may be. */
  | 'unused';

export type LibraryFinding =
  | {
      readonly kind: 'missing-library';
      readonly library: string;
      readonly files: readonly string[];
      /** Where it would be found if the directory were searched; empty where nothing of that name is in view. */
      readonly elsewhere: readonly Elsewhere[];
    }
  | { readonly kind: 'missing-loader'; readonly loader: string; readonly files: readonly string[] }
  | {
      readonly kind: 'search-path';
      readonly problem: PathProblem;
      readonly origin: Extract<SearchOrigin, 'RPATH' | 'RUNPATH'>;
      readonly directory: string;
      readonly files: readonly string[];
    }
  | {
      readonly kind: 'two-places';
      readonly library: string;
      readonly paths: readonly string[];
      readonly files: readonly string[];
    };

export interface FindingSurroundings {
  readonly isDirectory: (path: string) => Promise<boolean>;
  /** Files of that name that the asker could load. */
  readonly elsewhere: (library: string, asker: StaticResolution) => Promise<readonly Elsewhere[]>;
}

/** Places of a build that no finished output may point to. */
const BUILD_PLACES = ['/build', '/tmp'];

/** The worst first; of each kind in the order of the files. */
export async function libraryFindings(
  checked: readonly StaticResolution[],
  surroundings: FindingSurroundings,
): Promise<readonly LibraryFinding[]> {
  const found = new Map<string, LibraryFinding>();
  for (const one of checked) {
    for (const finding of [
      ...missingLoader(one),
      ...(await missingLibraries(one, surroundings)),
      ...(await pathFindings(one, surroundings)),
      ...twoPlaces(one),
    ]) {
      const key = JSON.stringify({ ...finding, files: [] });
      const known = found.get(key);
      const files = [...(known?.files ?? []), one.program];
      found.set(key, { ...finding, files: [...new Set(files)] });
    }
  }
  return [...found.values()].sort((one, other) => rank(one) - rank(other));
}

/** Whether the output is broken by it, and not only untidy. */
export function isSerious(finding: LibraryFinding): boolean {
  return rank(finding) <= 2;
}

function rank(finding: LibraryFinding): number {
  switch (finding.kind) {
    case 'missing-loader':
      return 0;
    case 'missing-library':
      return 1;
    case 'search-path':
      return { 'build-directory': 2, relative: 3, absent: 4, unused: 6 }[finding.problem];
    case 'two-places':
      return 5;
  }
}

function missingLoader({ program, elf, errors }: StaticResolution): readonly LibraryFinding[] {
  const { interpreter } = elf;
  const lacks = interpreter !== null && errors.some(({ library }) => library === interpreter);
  return lacks ? [{ kind: 'missing-loader', loader: interpreter, files: [program] }] : [];
}

async function missingLibraries(
  one: StaticResolution,
  { elsewhere }: FindingSurroundings,
): Promise<readonly LibraryFinding[]> {
  const missing = one.lookups.filter(({ found }) => found === null);
  return Promise.all(
    missing.map(async ({ library }) => ({
      kind: 'missing-library' as const,
      library,
      files: [one.program],
      elsewhere: await elsewhere(library, one),
    })),
  );
}

async function pathFindings(
  { program, ownPath, lookups }: StaticResolution,
  { isDirectory }: FindingSurroundings,
): Promise<readonly LibraryFinding[]> {
  const used = new Set(
    lookups
      .map((lookup) => foundThrough(lookup))
      .filter((through) => through?.from === program)
      .map((through) => through?.directory),
  );
  const findings: LibraryFinding[] = [];
  for (const { directory, origin } of ownPath) {
    if (origin !== 'RPATH' && origin !== 'RUNPATH') continue;
    const problem = await problemOf(directory, used.has(directory), isDirectory);
    if (problem === null) continue;
    findings.push({ kind: 'search-path', problem, origin, directory, files: [program] });
  }
  return findings;
}

async function problemOf(
  directory: string,
  isUsed: boolean,
  isDirectory: FindingSurroundings['isDirectory'],
): Promise<PathProblem | null> {
  if (!directory.startsWith('/')) return 'relative';
  if (isIn(BUILD_PLACES, directory)) return 'build-directory';
  if (!(await isDirectory(directory))) return 'absent';
  return isUsed ? null : 'unused';
}

function isIn(places: readonly string[], path: string): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}

function twoPlaces(one: StaticResolution): readonly LibraryFinding[] {
  return resolutionTree(one).duplicates.map(({ library, paths }) => ({
    kind: 'two-places',
    library,
    paths,
    files: [one.program],
  }));
}
