/**
 * What two traces tell differently of the libraries that processes looked for. Processes are put side by side by phase and
 * program, those that did the same first; of a pair the lookups likewise. What is alike is counted, not listed.
 */
import { alignedSearch, type SearchRow } from './aligned-search.ts';
import { lastingName, nameOfAnyBuild } from './lasting-names.ts';
import { Likenesses } from './likeness.ts';
import type { LoadError, Lookup, SearchedDirectory, TracedProcess } from './lookups.ts';
import { paired, type Pair } from './pairing.ts';
import { foundThrough } from './resolution-tree.ts';
import { searchedPlaces, type SearchedPlace } from './searched-places.ts';

/** A lookup in one of the traces. */
export interface ComparedLookup {
  readonly found: string | null;
  /** The directory of the search path that led to the file; null where nothing was found. */
  readonly through: SearchedDirectory | null;
  readonly requestedBy: string | null;
}

/** The processes in which a difference is: in all of them it is the same. */
interface Where {
  /** Of the first of them. */
  readonly program: string | null;
  readonly phase: string | null;
  readonly processes: number;
}

/**
 * `only-left`, `only-right`: looked for on one side alone; `found-left`, `found-right`: on both, and found on one; `elsewhere`:
 * found in two places; `other-build`: in two places that differ by the hash of a store path alone; `other-origin`: the same
 * file, which another part of the search path led to; `other-search`: found on neither side, on different paths.
 */
export type LookupDifferenceKind =
  | 'only-left'
  | 'only-right'
  | 'found-left'
  | 'found-right'
  | 'elsewhere'
  | 'other-build'
  | 'other-origin'
  | 'other-search';

export interface LookupDifference extends Where {
  readonly kind: LookupDifferenceKind;
  readonly library: string;
  /** Null where it was not looked for. */
  readonly left: ComparedLookup | null;
  readonly right: ComparedLookup | null;
  readonly search: readonly SearchRow[];
}

/** What went wrong on one side alone. */
export interface ErrorDifference extends Where {
  readonly kind: 'error-left' | 'error-right';
  readonly error: LoadError;
}

export type LibraryDifference = LookupDifference | ErrorDifference;

/** Processes that have no counterpart in the other trace. */
export interface LoneProcesses extends Where {
  readonly side: 'left' | 'right';
}

export interface LibraryComparison {
  /** In the order of the left trace; those of kind `other-build` after all others, as a rebuilt input makes thousands. */
  readonly differences: readonly LibraryDifference[];
  /** Differences that are not listed, because there are too many. */
  readonly more: number;
  readonly lone: readonly LoneProcesses[];
  /** How much was alike, in processes that have a counterpart. */
  readonly same: { readonly processes: number; readonly lookups: number };
}

/** Nobody reads more, and each carries two search paths. */
const MOST_DIFFERENCES = 500;

export function compareLibraries(
  left: readonly TracedProcess[],
  right: readonly TracedProcess[],
): LibraryComparison {
  const likenesses = new Likenesses();
  const nameOf = processNames(left, right, likenesses);
  const pairs = paired(left, right, [
    (process) => `${nameOf(process)}\0${likenesses.outcome(process)}`,
    (process) => `${nameOf(process)}\0${likenesses.questions(process)}`,
    nameOf,
    // A program that moved, from /usr/bin to a store path, is still the same; and two programs traced by themselves are meant.
    (process) => baseName(nameOf(process)),
    ...(left.length === 1 && right.length === 1 ? [() => ''] : []),
  ]);
  const found = new Differences(likenesses);
  const lone = new Map<string, LoneProcesses>();
  for (const pair of pairs) {
    if (pair.kind === 'both') {
      found.compare(pair.left, pair.right);
      continue;
    }
    const { program, phase } = pair.kind === 'left' ? pair.left : pair.right;
    const key = `${pair.kind} ${nameOf({ program, phase })}`;
    const processes = (lone.get(key)?.processes ?? 0) + 1;
    lone.set(key, { side: pair.kind, program, phase, processes });
  }
  return { ...found.end(), lone: [...lone.values()] };
}

type Named = Pick<TracedProcess, 'program' | 'phase'>;

/** By phase and program; where the two have no phase in common, as with two phases or an imported trace, by program alone. */
function processNames(
  left: readonly TracedProcess[],
  right: readonly TracedProcess[],
  likenesses: Likenesses,
): (process: Named) => string {
  const phases = new Set(left.map(({ phase }) => phase));
  const isInBoth = right.some(({ phase }) => phase !== null && phases.has(phase));
  return ({ program, phase }) => {
    const name = likenesses.name(program ?? '');
    return isInBoth ? `${phase ?? ''}\0${name}` : name;
  };
}

/** The differences as they are come to; one that is in many processes is listed once. */
class Differences {
  readonly #likenesses: Likenesses;
  readonly #listed = new Map<string, LibraryDifference>();
  readonly #counts = new Map<string, number>();
  /** By what both processes did: which differences that makes, and how many lookups are the same. */
  readonly #compared = new Map<
    string,
    { readonly keys: Iterable<string>; readonly same: number }
  >();
  #rebuilt = 0;
  #sameProcesses = 0;
  #sameLookups = 0;

  constructor(likenesses: Likenesses) {
    this.#likenesses = likenesses;
  }

  compare(left: TracedProcess, right: TracedProcess): void {
    const [onLeft, onRight] = [this.#likenesses.outcome(left), this.#likenesses.outcome(right)];
    if (onLeft === onRight) {
      this.#sameProcesses += 1;
      this.#sameLookups += left.lookups.length;
      return;
    }
    const both = `${onLeft}|${onRight}`;
    const compared = this.#compared.get(both) ?? this.#compareLists(left, right);
    this.#compared.set(both, compared);
    for (const key of compared.keys) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#sameLookups += compared.same;
  }

  end(): Omit<LibraryComparison, 'lone'> {
    const all = Array.from(this.#listed, ([key, difference]) => ({
      ...difference,
      processes: this.#counts.get(key) ?? 0,
    }));
    return {
      differences: [
        ...all.filter(({ kind }) => kind !== 'other-build'),
        ...all.filter(({ kind }) => kind === 'other-build'),
      ],
      more: this.#counts.size - all.length,
      same: { processes: this.#sameProcesses, lookups: this.#sameLookups },
    };
  }

  #compareLists(left: TracedProcess, right: TracedProcess) {
    const likenesses = this.#likenesses;
    const keys = new Set<string>();
    let same = 0;
    const [leftPlaces, rightPlaces] = [placesOf(left.lookups), placesOf(right.lookups)];
    const where = { program: left.program, phase: left.phase, processes: 0 };
    const lookups = paired(left.lookups, right.lookups, [
      (one) => likenesses.result(one),
      (one) => likenesses.asked(one),
      // The first that needs a library looks for it, and who is first is no matter.
      ({ library }) => likenesses.name(library),
    ]);
    for (const pair of lookups) {
      const kind = lookupKind(pair, likenesses);
      if (kind === null) {
        same += 1;
        continue;
      }
      const [onLeft, onRight] = sidesOf(pair);
      const number = (one: Lookup | null): string =>
        one === null ? '' : String(likenesses.result(one));
      const key = `${kind} ${number(onLeft)} ${number(onRight)}`;
      keys.add(key);
      this.#list(key, kind, () => ({
        ...where,
        kind,
        library: (onLeft ?? onRight)?.library ?? '',
        left: compared(onLeft),
        right: compared(onRight),
        search: alignedSearch(leftPlaces(onLeft), rightPlaces(onRight)),
      }));
    }
    for (const pair of paired(left.errors, right.errors, [(one) => likenesses.error(one)])) {
      if (pair.kind === 'both') continue;
      const error = pair.kind === 'left' ? pair.left : pair.right;
      const kind = `error-${pair.kind}` as const;
      const key = `${kind} ${likenesses.error(error)}`;
      keys.add(key);
      this.#list(key, kind, () => ({ ...where, kind, error }));
    }
    return { keys, same };
  }

  #list(key: string, kind: LibraryDifference['kind'], difference: () => LibraryDifference): void {
    if (this.#listed.has(key)) return;
    // What was built again must not take the place of the rest.
    const isRebuilt = kind === 'other-build';
    const listed = isRebuilt ? this.#rebuilt : this.#listed.size - this.#rebuilt;
    if (listed >= MOST_DIFFERENCES) return;
    if (isRebuilt) this.#rebuilt += 1;
    this.#listed.set(key, difference());
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The search of each lookup of a process: all of them are worked out when the first is asked for. */
function placesOf(lookups: readonly Lookup[]): (lookup: Lookup | null) => readonly SearchedPlace[] {
  let places: readonly (readonly SearchedPlace[])[] | undefined;
  return (lookup) => {
    if (lookup === null) return [];
    places ??= searchedPlaces(lookups);
    return places[lookups.indexOf(lookup)] ?? [];
  };
}

function sidesOf(pair: Pair<Lookup>): readonly [Lookup | null, Lookup | null] {
  return [pair.kind === 'right' ? null : pair.left, pair.kind === 'left' ? null : pair.right];
}

/** Null where it is the same. */
function lookupKind(pair: Pair<Lookup>, likenesses: Likenesses): LookupDifferenceKind | null {
  if (pair.kind !== 'both') return `only-${pair.kind}`;
  const { left, right } = pair;
  if (likenesses.result(left) === likenesses.result(right)) return null;
  if (left.found === null || right.found === null) {
    if (left.found !== null) return 'found-left';
    if (right.found !== null) return 'found-right';
    const isSame = likenesses.search(left.searched) === likenesses.search(right.searched);
    return isSame ? null : 'other-search';
  }
  const isSameOrigin = foundThrough(left)?.origin === foundThrough(right)?.origin;
  if (lastingName(left.found) === lastingName(right.found)) {
    return isSameOrigin ? null : 'other-origin';
  }
  const isOtherBuild = isSameOrigin && nameOfAnyBuild(left.found) === nameOfAnyBuild(right.found);
  return isOtherBuild ? 'other-build' : 'elsewhere';
}

function compared(lookup: Lookup | null): ComparedLookup | null {
  if (lookup === null) return null;
  const { found, requestedBy } = lookup;
  return { found, through: foundThrough(lookup), requestedBy };
}
