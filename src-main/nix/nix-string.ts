/** A string as an expression of Nix's language. */
export function nixString(text: string): string {
  return `"${text.replace(/["\\$]/g, '\\$&')}"`;
}
