/** The error text of Nix's evaluator, which has places in the sources that an editor can open. */
import { stripVTControlCharacters } from 'node:util';
import { StrataError } from '../protocol/errors.ts';
import { impurityAdvice, impurityOf } from '../protocol/impurity.ts';

export interface SourcePosition {
  /** As Nix prints it: a path, or `«string»`, `«stdin»`, `«github:…»/file.nix`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

export interface EvaluationMessage {
  /** The error itself, without the trace and the lines of source; several lines are possible. */
  readonly message: string;
  /** Where it happened first, then what led there, outwards. */
  readonly positions: readonly SourcePosition[];
}

/** An expression could not be evaluated; `output` is what Nix printed, whole. */
export class EvaluationError extends StrataError {
  readonly positions: readonly SourcePosition[];

  /** @param positions the places in Nix's output, where they are known better than it says them */
  constructor(
    operation: string,
    output: string,
    cause?: unknown,
    positions: readonly SourcePosition[] = parseEvaluationError(output).positions,
  ) {
    const { message } = parseEvaluationError(output);
    const advice = adviceFor(message);
    super({
      code: 'nix',
      operation,
      reason: message,
      output,
      cause,
      ...(advice === null ? {} : { advice }),
    });
    this.positions = positions;
  }
}

function adviceFor(message: string): string | null {
  const impurity = impurityOf(message);
  if (impurity !== null) return impurityAdvice(impurity);
  // nixpkgs: pkgs/stdenv/generic/check-meta.nix
  if (/\bhas an unfree license\b/.test(message)) {
    return 'to allow unfree packages set NIXPKGS_ALLOW_UNFREE=1, which strata nix-build --allow-unfree does, and “Allow unfree packages” of Build with Nix; a flake needs --impure too';
  }
  return null;
}

/** `at FILE:LINE:COLUMN` is a line of its own since Nix 2.4 and ended the message before. */
const POSITION = /(?:^|\s)at (\S.*?):(\d+):(\d+):?$/;

/**
 * The message and positions in what Nix printed (src/libutil/error.cc, `showErrorInfo`). Until Nix 2.13 the error comes
 * first and its trace follows from the inside outwards; since then the trace comes first, from the outside inwards, and
 * the error last.
 */
export function parseEvaluationError(output: string): EvaluationMessage {
  const lines = stripVTControlCharacters(output).split('\n');
  const at = lines.findLastIndex((line) => /^\s*error: ?\S/.test(line));
  if (at === -1) return { message: output.trim(), positions: positionsIn(lines) };
  const inwards = positionsIn(lines.slice(0, at));
  return {
    message: messageAt(lines, at),
    positions: distinct([...positionsIn(lines.slice(at)), ...inwards.reverse()]),
  };
}

function messageAt(lines: readonly string[], at: number): string {
  const message: string[] = [];
  for (const line of lines.slice(at)) {
    const ends = message.length > 0 && (line.trim() === '' || /^\s*(?:…|at )/.test(line));
    if (ends) break;
    message.push(line.trim());
  }
  return message
    .join('\n')
    .replace(/^error: ?/, '')
    .replace(POSITION, '')
    .replace(/,$/, '');
}

function positionsIn(lines: readonly string[]): SourcePosition[] {
  return lines.flatMap((text) => {
    const [, file, line, column] = POSITION.exec(text.trimEnd()) ?? [];
    if (file === undefined) return [];
    return [{ file, line: Number(line), column: Number(column) }];
  });
}

/** The same place is often in the message and in the trace. */
function distinct(positions: readonly SourcePosition[]): SourcePosition[] {
  const seen = new Map(positions.map((position) => [Object.values(position).join(':'), position]));
  return [...seen.values()];
}
