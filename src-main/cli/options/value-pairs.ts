/**
 * Options with two values, as Nix has them: `--arg NAME EXPR`. commander gives an option one value or all that follow, so
 * the two words are made one before it sees them. The seam is NUL, which no word of a command line can hold.
 */

const SEAM = '\0';

export type Pair = readonly [name: string, value: string];

/** The command line with the two values of each of these options in one word. What follows `--` is left alone. */
export function joinPairs(
  words: readonly string[],
  options: ReadonlySet<string>,
): readonly string[] {
  const joined: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') return [...joined, ...words.slice(at)];
    joined.push(word);
    const [name, value] = words.slice(at + 1, at + 3);
    if (!options.has(word) || name === undefined || value === undefined) continue;
    joined.push(`${name}${SEAM}${value}`);
    at += 2;
  }
  return joined;
}

/** The two values; null where there was one alone. */
export function splitPair(word: string): Pair | null {
  const seam = word.indexOf(SEAM);
  return seam < 0 ? null : [word.slice(0, seam), word.slice(seam + 1)];
}
