/** Links into Strata: `strata://open?target=…`. Anyone can make a page with one, so nothing follows from it by itself. */

/** The longest target that is asked about; a question must fit on the screen. */
const longest = 1000;

/** The target a link names; null for every other text. */
export function targetOfLink(link: string): string | null {
  const url = URL.canParse(link) ? new URL(link) : null;
  if (url?.protocol !== 'strata:' || url.host !== 'open') return null;
  const target = url.searchParams.get('target');
  // What cannot be seen must not stand in a question.
  if (target === null || target === '' || target.length > longest) return null;
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(target) ? null : target;
}

/** The link or the file among the arguments of a start; null where there is none. */
export function openedBy(argv: readonly string[]): string | null {
  const words = argv.slice(1).filter((word) => !word.startsWith('-'));
  for (const word of words) {
    const target = targetOfLink(word);
    if (target !== null) return target;
  }
  return words.find((word) => word.endsWith('.drv') || word.endsWith('.nix')) ?? null;
}
