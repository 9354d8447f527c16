/** What a search looks for: one expression for the engine, which finds the lines, and the window, which marks the places. */

/**
 * @param regex whether the text is a regular expression itself; it is found as it is otherwise
 * @throws SyntaxError where it is none
 */
export function searchExpression(
  text: string,
  { regex, caseSensitive }: { readonly regex: boolean; readonly caseSensitive: boolean },
): RegExp {
  const source = regex ? text : text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(source, caseSensitive ? 'u' : 'iu');
}
