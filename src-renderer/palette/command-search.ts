/**
 * Which commands a text finds, and how well. Every word of it has to be found as it stands: letters scattered over a command, as
 * fuzzy searches take them, choose for the person what they never named.
 */

export interface SearchedCommand {
  readonly label: string;
  readonly group: string;
  /** A path, an id, a command line. */
  readonly says?: string;
}

export interface FoundGroup<Found extends SearchedCommand> {
  readonly group: string;
  readonly commands: readonly Found[];
}

/** What one word is worth by where it stands. */
const WORTH = { labelStart: 1, wordStart: 0.8, within: 0.5, elsewhere: 0.2 } as const;

/** What a text finds, in groups: first the one with the best, and in each the best first. */
export function searchCommands<Found extends SearchedCommand>(
  commands: readonly Found[],
  text: string,
): readonly FoundGroup<Found>[] {
  const found = commands
    .map((command) => ({ command, score: searchScore(command, text) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
  const groups = new Map<string, Found[]>();
  for (const { command } of found) {
    const group = groups.get(command.group);
    if (group === undefined) groups.set(command.group, [command]);
    else group.push(command);
  }
  return Array.from(groups, ([group, list]) => ({ group, commands: list }));
}

/** From 0, not found, to 1: the label begins with the whole text. */
function searchScore({ label, group, says = '' }: SearchedCommand, text: string): number {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return 1;
  const name = label.toLowerCase();
  if (name.startsWith(words.join(' '))) return WORTH.labelStart;
  let sum = 0;
  for (const word of words) {
    const worth = wordScore(word, name, `${group} ${says}`.toLowerCase());
    if (worth === 0) return 0;
    sum += worth;
  }
  return sum / words.length;
}

function wordScore(word: string, label: string, rest: string): number {
  if (startsWord(label, word)) return WORTH.wordStart;
  if (label.includes(word)) return WORTH.within;
  return startsWord(rest, word) ? WORTH.elsewhere : 0;
}

/** Whether a word of a text begins so; words are letters and digits, and whatever else stands between blanks. */
function startsWord(text: string, start: string): boolean {
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
    const before = text[at - 1];
    if (before === undefined || !/[\p{L}\p{N}]/u.test(before)) return true;
  }
  return false;
}
