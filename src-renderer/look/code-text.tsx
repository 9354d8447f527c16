/** Short texts of the engine's that mark code as Markdown does. */

/** What stands between backticks as code. */
export function withCode(text: string) {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
