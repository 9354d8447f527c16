/**
 * One line of a log as text with styles. Of everything that ECMA-48 and xterm know, only SGR (`ESC [ … m`) has an effect; all
 * other sequences and control characters are dropped, so that nothing a build prints can do anything but look a certain way.
 *
 * Styles end with their line: a line looks the same whichever of its neighbours have been read.
 */
import { isPlain, lineParts } from '../../src-main/protocol/visible-text.ts';

export type Color =
  /** One of the sixteen whose look is the theme's: 0 black … 7 white, 8 to 15 their bright kin. */
  | { readonly kind: 'named'; readonly index: number }
  | { readonly kind: 'rgb'; readonly red: number; readonly green: number; readonly blue: number };

export interface Style {
  readonly foreground: Color | null;
  readonly background: Color | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
  readonly strike: boolean;
}

/** `start` and `end` count UTF-16 units of the text; spans are in order, do not touch where they are alike, and never overlap. */
export interface StyledSpan {
  readonly start: number;
  readonly end: number;
  readonly style: Style;
}

export interface StyledText {
  readonly text: string;
  /** Where the text is not plain. */
  readonly spans: readonly StyledSpan[];
}

export const PLAIN: Style = {
  foreground: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  strike: false,
};

/** What a terminal would show of a line, and how; its text is that of `visibleText`, which the engine searches. */
export function parseAnsi(line: string): StyledText {
  if (isPlain(line)) return { text: line, spans: [] };
  const builder = new TextBuilder();
  for (const part of lineParts(line)) {
    if (part.kind === 'text') builder.add(part.text);
    else if (part.kind === 'style') builder.style(part.parameters);
    else builder.carriageReturn();
  }
  return builder.result();
}

class TextBuilder {
  #text = '';
  #spans: StyledSpan[] = [];
  #style = PLAIN;
  #returned = false;

  add(text: string): void {
    if (text === '') return;
    if (this.#returned) {
      this.#text = '';
      this.#spans = [];
      this.#returned = false;
    }
    const start = this.#text.length;
    this.#text += text;
    if (sameStyle(this.#style, PLAIN)) return;
    const last = this.#spans.at(-1);
    const continues = last?.end === start && sameStyle(last.style, this.#style);
    if (continues) this.#spans[this.#spans.length - 1] = { ...last, end: this.#text.length };
    else this.#spans.push({ start, end: this.#text.length, style: this.#style });
  }

  carriageReturn(): void {
    this.#returned = true;
  }

  style(parameters: string): void {
    this.#style = applySgr(this.#style, parameters);
  }

  result(): StyledText {
    return { text: this.#text, spans: this.#spans };
  }
}

/**
 * The style after `ESC [ parameters m`. Colons part the pieces of one parameter (ISO 8613-6: `38:2::r:g:b`), semicolons parameters;
 * xterm's `38;2;r;g;b` parts the pieces with semicolons as well.
 */
export function applySgr(style: Style, parameters: string): Style {
  if (!/^[0-9;:]*$/.test(parameters)) return style;
  const list = parameters.split(';');
  let result = style;
  for (let at = 0; at < list.length; at += 1) {
    const pieces = (list[at] ?? '').split(':');
    const code = Number(pieces[0]);
    if (code !== 38 && code !== 48) {
      result = applyCode(result, code, pieces);
      continue;
    }
    const withColons = pieces.length > 1;
    const operands = (withColons ? pieces.slice(1) : list.slice(at + 1)).map(Number);
    const { color, taken } = extendedColor(operands, withColons);
    if (!withColons) at += taken;
    if (color !== null) {
      result = code === 38 ? { ...result, foreground: color } : { ...result, background: color };
    }
  }
  return result;
}

function applyCode(style: Style, code: number, pieces: readonly string[]): Style {
  switch (code) {
    case 0:
      return PLAIN;
    case 1:
      return { ...style, bold: true };
    case 2:
      return { ...style, dim: true };
    case 3:
      return { ...style, italic: true };
    // `4:0` is none, `4:3` a curly one.
    case 4:
      return { ...style, underline: pieces[1] !== '0' };
    case 7:
      return { ...style, inverse: true };
    case 9:
      return { ...style, strike: true };
    case 21:
      return { ...style, underline: true };
    case 22:
      return { ...style, bold: false, dim: false };
    case 23:
      return { ...style, italic: false };
    case 24:
      return { ...style, underline: false };
    case 27:
      return { ...style, inverse: false };
    case 29:
      return { ...style, strike: false };
    case 39:
      return { ...style, foreground: null };
    case 49:
      return { ...style, background: null };
    default:
      break;
  }
  // Text that hides itself (8) and blinks (5, 6) is shown as it is.
  if (code >= 30 && code <= 37) return { ...style, foreground: named(code - 30) };
  if (code >= 40 && code <= 47) return { ...style, background: named(code - 40) };
  if (code >= 90 && code <= 97) return { ...style, foreground: named(code - 90 + 8) };
  if (code >= 100 && code <= 107) return { ...style, background: named(code - 100 + 8) };
  return style;
}

/** The colour that the operands of 38 or 48 name, and how many parameters they took. */
function extendedColor(
  operands: readonly number[],
  withColons: boolean,
): { readonly color: Color | null; readonly taken: number } {
  const [mode] = operands;
  if (mode === 5) {
    const index = operands[1] ?? -1;
    return { color: index >= 0 && index <= 255 ? paletteColor(index) : null, taken: 2 };
  }
  if (mode === 2) {
    // With colons a colour space, often empty, may come before the three.
    const first = withColons && operands.length > 4 ? 2 : 1;
    const parts = operands.slice(first, first + 3);
    const [red, green, blue] = parts;
    const valid = parts.length === 3 && parts.every((part) => part >= 0 && part <= 255);
    if (!valid || red === undefined || green === undefined || blue === undefined) {
      return { color: null, taken: 4 };
    }
    return { color: { kind: 'rgb', red, green, blue }, taken: 4 };
  }
  return { color: null, taken: operands.length };
}

/** xterm's 256 colours: the sixteen, a cube of 6 × 6 × 6, 24 greys. */
function paletteColor(index: number): Color {
  if (index < 16) return named(index);
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return { kind: 'rgb', red: grey, green: grey, blue: grey };
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return {
    kind: 'rgb',
    red: level(Math.floor(cube / 36)),
    green: level(Math.floor(cube / 6) % 6),
    blue: level(cube % 6),
  };
}

function named(index: number): Color {
  return { kind: 'named', index };
}

function sameStyle(one: Style, other: Style): boolean {
  return (
    one === other ||
    (one.bold === other.bold &&
      one.dim === other.dim &&
      one.italic === other.italic &&
      one.underline === other.underline &&
      one.inverse === other.inverse &&
      one.strike === other.strike &&
      sameColor(one.foreground, other.foreground) &&
      sameColor(one.background, other.background))
  );
}

function sameColor(one: Color | null, other: Color | null): boolean {
  if (one === null || other === null) return one === other;
  if (one.kind === 'named') return other.kind === 'named' && one.index === other.index;
  return (
    other.kind === 'rgb' &&
    one.red === other.red &&
    one.green === other.green &&
    one.blue === other.blue
  );
}
