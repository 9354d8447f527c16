/** What is kept in mind of a log while it streams by: where it first speaks of an error, and how it ends. */

export interface LogLine {
  /** Counted from 1, within the phase's log. */
  readonly number: number;
  readonly text: string;
}

export interface LogDigest {
  /** Complete and incomplete lines. */
  readonly lines: number;
  /** The line that most likely says what went wrong; null where none looks like it. */
  readonly error: LogLine | null;
  /** The last lines, oldest first. */
  readonly tail: readonly LogLine[];
}

export const EMPTY_DIGEST: LogDigest = { lines: 0, error: null, tail: [] };

const TAIL_LINES = 10;

/** How compilers, linkers, shells, make, test drivers and loaders begin to say that something went wrong. */
const ERROR_LINE =
  /\berror(:| \d|\[|\b.*:)|\bfatal\b|: cannot (find|open|create|stat|access|execute|touch|remove|copy|move)|command not found|No such file or directory|Permission denied|undefined (reference|symbol)|Traceback \(most|^FAIL[: ]|\bFAILED\b|\*\*\* .*(Error|Stop)|Segmentation fault|panicked at|unbound variable|No rule to make target/;

/** Lines that contain such words and report success: test summaries, flags, file names. */
const NO_ERROR_LINE =
  /\b(0|no) (errors?|failures?|failed)\b|-Werror|\berror\.[a-z]+\b(?!:)|strerror|^checking /i;

/** The digest after one more line. ANSI colours in it are looked through. */
export function digestLine(digest: LogDigest, line: string): LogDigest {
  const number = digest.lines + 1;
  const text = line.replace(/\u001b\[[0-9;]*m/g, '');
  const entry = { number, text };
  const isError = digest.error === null && ERROR_LINE.test(text) && !NO_ERROR_LINE.test(text);
  return {
    lines: number,
    error: isError ? entry : digest.error,
    tail: [...digest.tail.slice(1 - TAIL_LINES), entry],
  };
}
