/**
 * Text that a build printed, made fit for a person's terminal: nothing in it can move the cursor, set a title, make a link,
 * or erase what stands there. Its log file keeps every byte as it was.
 *
 * The sequences are those of ECMA-48, 5th edition, section 5.4 (control sequences) and 5.6 (control strings).
 */

/** What becomes of SGR, the sequences that set colours and weights. */
export type Colours = 'keep' | 'drop';

const ESCAPE = '\u001b';

/**
 * Alternatives in the order they are tried: control strings (OSC, DCS, SOS, PM, APC) with their terminator, control
 * sequences, two-character escapes, and whatever control character is left. A tab is no control here.
 */
const CONTROLS = new RegExp(
  [
    /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0080-\u009f]*(?:\u0007|\u001b\\|\u009c)/,
    /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/,
    /\u001b[ -/]*[0-~]/,
    /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** `CSI … m` with nothing but numbers: `ESC [ > 4 ; 2 m` also ends in m, and sets how the terminal reports keys. */
const SGR = /^\u001b\[[\d;:]*m$/;

const RESET = `${ESCAPE}[0m`;

/** One line, without its newline. Of a line that was overwritten after carriage returns, the last version. */
export function terminalText(line: string, colours: Colours): string {
  const versions = line.includes('\r') ? line.split('\r') : [line];
  const cleaned = versions.map((version) => withoutControls(version, colours));
  return cleaned.findLast((version) => version.trim() !== '') ?? '';
}

/** Several lines. */
export function terminalLines(text: string, colours: Colours): readonly string[] {
  return text.split('\n').map((line) => terminalText(line, colours));
}

function withoutControls(text: string, colours: Colours): string {
  const clean = text.replace(CONTROLS, (sequence) =>
    colours === 'keep' && SGR.test(sequence) ? sequence : '',
  );
  // Every other escape is gone, so one that is left sets a colour.
  return clean.includes(ESCAPE) ? `${clean}${RESET}` : clean;
}
