/** What became of a list: the longest common subsequence stays, the rest is removed or added. */

export interface SequenceStep {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Beyond this many comparisons the middle of two lists counts as replaced. */
const MOST_COMPARISONS = 4_000_000;

export function diffSequences(
  old: readonly string[],
  now: readonly string[],
): readonly SequenceStep[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return [
    ...steps('same', old.slice(0, start)),
    ...diffMiddles(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...steps('same', old.slice(old.length - end)),
  ];
}

function diffMiddles(old: readonly string[], now: readonly string[]): readonly SequenceStep[] {
  const replaced = old.length * now.length > MOST_COMPARISONS;
  if (old.length === 0 || now.length === 0 || replaced) {
    return [...steps('removed', old), ...steps('added', now)];
  }
  // longest[i * width + j]: the length of the longest common subsequence of old[i…] and now[j…].
  const width = now.length + 1;
  const longest = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] =
        old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const result: SequenceStep[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      result.push({ kind: 'same', text: old[i] ?? '' });
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      result.push({ kind: 'removed', text: old[i] ?? '' });
      i += 1;
    } else {
      result.push({ kind: 'added', text: now[j] ?? '' });
      j += 1;
    }
  }
  return [...result, ...steps('removed', old.slice(i)), ...steps('added', now.slice(j))];
}

function steps(kind: SequenceStep['kind'], texts: readonly string[]): readonly SequenceStep[] {
  return texts.map((text) => ({ kind, text }));
}
