/** Which of the names there are a person may have meant by one that is none. */

const MOST_NAMES = 3;

/** Those that differ in a few letters from the word, or begin with it; the nearest first. Capitals do not count. */
export function similarNames(word: string, names: Iterable<string>): readonly string[] {
  const sought = word.toLowerCase();
  // As many slips as a word of its length invites: none in three letters, two in eight.
  const most = Math.min(Math.floor(sought.length / 4), 2);
  const near: { readonly name: string; readonly distance: number }[] = [];
  for (const name of new Set(names)) {
    const known = name.toLowerCase();
    const isBeginning = sought.length >= 3 && known.startsWith(sought);
    const distance = isBeginning ? 0 : slips(sought, known);
    if (distance <= most) near.push({ name, distance });
  }
  return near
    .toSorted((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_NAMES)
    .map(({ name }) => name);
}

/** "did you mean buildPhase or unpackPhase? "; empty where nothing is near. */
export function didYouMean(word: string, names: Iterable<string>): string {
  const similar = similarNames(word, names);
  return similar.length === 0 ? '' : `did you mean ${similar.join(' or ')}? `;
}

/** How many letters were left out, added, changed or swapped with the next (the optimal string alignment distance). */
function slips(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (isSame ? 0 : 1),
          isSwap ? (before[j - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
