/** Two search paths side by side: the same directory in one row, and beside a directory that only one has nothing. */
import { diffSequences } from '../protocol/sequence-diff.ts';
import { nameOfAnyBuild } from './lasting-names.ts';
import type { SearchedPlace } from './searched-places.ts';

/** At least one of the two is there. */
export interface SearchRow {
  readonly left: SearchedPlace | null;
  readonly right: SearchedPlace | null;
}

/** A directory of another build of an input is the same directory, and one that another part of the path names is not. */
export function alignedSearch(
  left: readonly SearchedPlace[],
  right: readonly SearchedPlace[],
): readonly SearchRow[] {
  let [onLeft, onRight] = [0, 0];
  return diffSequences(left.map(nameOf), right.map(nameOf)).map(({ kind }): SearchRow => {
    const row = {
      left: kind === 'added' ? null : (left[onLeft] ?? null),
      right: kind === 'removed' ? null : (right[onRight] ?? null),
    };
    if (kind !== 'added') onLeft += 1;
    if (kind !== 'removed') onRight += 1;
    return row;
  });
}

function nameOf({ directory, origin }: SearchedPlace): string {
  return `${origin} ${nameOfAnyBuild(directory)}`;
}
