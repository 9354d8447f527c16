/** What is kept in mind of a log while it streams by: where it first speaks of an error, and how it ends. */

export interface LogLine {
  /** Counted from 1, within the phase's log as people see it: without the lines for Nix's own display. */
  readonly number: number;
  readonly text: string;
}

export interface LogDigest {
  /** Complete and incomplete lines. */
  readonly lines: number;
  /**
   * The line that most likely says what went wrong: the first in which a tool calls something an error, or what was not found
   * or not allowed just before make gave up, or else the last such. Null where none looks like it.
   */
  readonly error: LogLine | null;
  /** Whether `error` is of the first kind. */
  readonly isCertain: boolean;
  /** The last lines, oldest first. */
  readonly tail: readonly LogLine[];
}

export const EMPTY_DIGEST: LogDigest = { lines: 0, error: null, isCertain: false, tail: [] };

const TAIL_LINES = 10;

/** Characters of a line that are looked at and kept: a minified program is no message. */
const LONGEST_TEXT = 2000;

/** How compilers, linkers, make and its like, interpreters and test drivers begin to say that something went wrong. */
const CERTAIN = new RegExp(
  [
    // gcc, clang, ghc, configure, meson, substituteStream, npm, node: "error:", "fatal error:", "ERROR:", "TypeError:"
    String.raw`(^|[^\w.\-/])\w*[Ee]rror:(?!:)`,
    String.raw`(^|[^\w.\-/#] ?)ERROR:(?! +\d)`,
    // rustc, tsc, msbuild, maven, npm: "error[E0425]", "error TS2304", "[ERROR]", "npm ERR!"
    String.raw`\berror\[[A-Z]\d+\]|\berror [A-Z]{1,4}\d+:|^\[ERROR\]|^npm (ERR!|error) `,
    String.raw`^CMake Error\b|^Traceback \(most|^panic: |panicked at |^Exception in thread `,
    // bash, and other shells' "sh: 1: Syntax error:"
    String.raw`: syntax error near |: unbound variable$|: parameter (null or not set|not set)`,
    String.raw`undefined (reference|symbol)\b|: cannot find -l|error while loading shared libraries: `,
    // go: "./main.go:5:2: undefined: x"
    String.raw`^\S+\.go:\d+(:\d+)?: `,
    String.raw`No rule to make target`,
    String.raw`^(FAIL|FAILED|not ok|--- FAIL)\b|\bFAILED\b|\bAssertion .* failed|Segmentation fault|Bus error|Aborted \(core`,
    String.raw`^Can't locate \S+ in @INC|: Hunk #\d+ FAILED|hunks? FAILED`,
  ].join('|'),
);

/** How make and its like say that a command failed: the cause was said just before, where the command said one. */
const SUMMARY = /\*\*\* .*(Error \d|Stop\.)|^ninja: build stopped|^FAILED: /;

/** How many lines before a summary a cause may stand: what a command says and the commands make echoes. */
const NEAR_LINES = 5;

/** What a command says of files and programs: often the cause, as often something a script got over. */
const LIKELY =
  /: cannot (find|open|create|stat|access|execute|touch|remove|copy|move)|\bfatal: |command not found|: not found$|No such file or directory|Permission denied|Read-only file system|No space left on device|\b[Ee]rror\b.*:|[Cc]annot find (package|module)/;

/** Lines that hold such words and report something else: summaries, flags, file names, questions of configure. */
const NEITHER =
  /\b(0|no) (errors?|failures?|failed)\b|\b(errors?|failures?|failed)[:=] *0\b|-W(no-)?error|\berror\.[a-z]+\b(?!:)|strerror|^checking |\(ignored\)$|\.\.\. (ok|yes|no)$|^(PASS|XFAIL|SKIP|ok)\b|^# \w+: +\d+$/i;

/** The digest after one more line. ANSI colours in it are looked through. */
export function digestLine(digest: LogDigest, line: string): LogDigest {
  const number = digest.lines + 1;
  const text = line.slice(0, LONGEST_TEXT).replace(/\u001b\[[0-9;]*m/g, '');
  const entry = { number, text };
  const tail = [...digest.tail.slice(1 - TAIL_LINES), entry];
  const verdict = digest.isCertain ? null : judge(text);
  if (verdict === null) return { ...digest, lines: number, tail };
  if (
    verdict === 'summary' &&
    digest.error !== null &&
    number - digest.error.number <= NEAR_LINES
  ) {
    return { ...digest, lines: number, isCertain: true, tail };
  }
  return { lines: number, error: entry, isCertain: verdict !== 'likely', tail };
}

function judge(text: string): 'certain' | 'summary' | 'likely' | null {
  if (NEITHER.test(text)) return null;
  if (SUMMARY.test(text)) return 'summary';
  if (CERTAIN.test(text)) return 'certain';
  return LIKELY.test(text) ? 'likely' : null;
}
