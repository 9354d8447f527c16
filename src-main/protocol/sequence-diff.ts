/** What became of a list: the longest common subsequence stays, the rest is removed or added. */
import { diffArrays } from 'diff';

export interface SequenceStep {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Time and memory grow with the square of the differences: with more of them the middle of two lists counts as replaced. */
const MOST_DIFFERENCES = 3000;

/** @param most differences that are looked for */
export function diffSequences(
  old: readonly string[],
  now: readonly string[],
  most = MOST_DIFFERENCES,
): readonly SequenceStep[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  const longest = Math.min(old.length, now.length) - start;
  while (end < longest && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return [
    ...steps('same', old.slice(0, start)),
    ...diffMiddles(old.slice(start, old.length - end), now.slice(start, now.length - end), most),
    ...steps('same', old.slice(old.length - end)),
  ];
}

function diffMiddles(old: string[], now: string[], most: number): readonly SequenceStep[] {
  const pieces =
    old.length === 0 || now.length === 0
      ? undefined
      : diffArrays(old, now, { maxEditLength: most });
  if (pieces === undefined) return [...steps('removed', old), ...steps('added', now)];
  return pieces.flatMap(({ added, removed, value }) =>
    steps(added ? 'added' : removed ? 'removed' : 'same', value),
  );
}

function steps(kind: SequenceStep['kind'], texts: readonly string[]): readonly SequenceStep[] {
  return texts.map((text) => ({ kind, text }));
}
