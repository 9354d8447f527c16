/** Words of shell scripts. */

/** A word as any POSIX shell reads it back. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The same on one line: Bash's `$'…'` where the word has several. */
export function quoteForBash(word: string): string {
  if (!word.includes('\n')) return quoteForShell(word);
  return `$'${word.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`;
}
