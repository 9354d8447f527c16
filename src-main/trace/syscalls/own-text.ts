/** The same text in memory of its own: a slice would keep the whole chunk that it is a slice of. Latin-1 only. */
export function ownText(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
