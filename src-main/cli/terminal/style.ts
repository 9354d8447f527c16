/** Colours and weights of what Strata itself prints. Shapes and words say the same, so nothing is lost without them. */

/** Whether a stream shows colours. */
export type ColourMode = 'colours' | 'plain';

export interface Style {
  readonly mode: ColourMode;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
}

/** SGR with the parameter that ends it: 22 ends bold and dim, 39 any colour. */
function sgr(on: number, off: number): (text: string) => string {
  return (text) => (text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`);
}

const asItIs = (text: string): string => text;

export const PLAIN: Style = {
  mode: 'plain',
  bold: asItIs,
  dim: asItIs,
  red: asItIs,
  green: asItIs,
  yellow: asItIs,
  blue: asItIs,
};

export const COLOURED: Style = {
  mode: 'colours',
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  blue: sgr(34, 39),
};

/**
 * The style for a stream. FORCE_COLOR goes before NO_COLOR (https://no-color.org), as in Node and npm; without either it
 * is the terminal that counts.
 */
export function styleFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Style {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced === '0' || forced === 'false' ? PLAIN : COLOURED;
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return PLAIN;
  return stream.isTTY === true ? COLOURED : PLAIN;
}
