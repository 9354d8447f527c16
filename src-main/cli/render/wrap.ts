/** Prose in a column. */

/** Narrower than this, wrapping would make a word a line. */
const LEAST_WIDTH = 24;

/** Words in lines of at most `width` characters; in one line where `width` is null. At least one line. */
export function wrap(text: string, width: number | null): readonly string[] {
  if (width === null) return [text];
  const room = Math.max(width, LEAST_WIDTH);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
