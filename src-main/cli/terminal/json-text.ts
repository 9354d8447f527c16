/** JSON as the command line prints it. */

/**
 * JSON in one line. DEL and the C1 controls are escaped too, which JSON does not ask for: some terminals obey them, and the
 * text may come from a build.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f]/g,
    (control) => `\\u00${control.charCodeAt(0).toString(16)}`,
  );
}

/** An array with one element a line: a reader of JSON sees an array, and `grep` and `head` see lines. */
export function* jsonArrayLines(values: Iterable<unknown>): Generator<string> {
  let before = '[';
  for (const value of values) {
    yield `${before}${jsonText(value)}`;
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}
