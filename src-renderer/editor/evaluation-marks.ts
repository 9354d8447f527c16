/** Nix's evaluation errors as marks in the files they name, and what pure evaluation will refuse in a flake. */
import {
  impurityFix,
  impurityOf,
  impurityText,
  type Impurity,
} from '../../src-main/protocol/impurity.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { impureExpressions } from './nix/impure-expressions.ts';

export interface EvaluationMark {
  /** `error` where it happened, `info` for what led there and for what would fail if it came to it. */
  readonly kind: 'error' | 'info';
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** How many characters are marked; null for the word that begins there. */
  readonly length: number | null;
}

/** The marks of an error in one file. */
export function marksIn(path: string, error: WireError | null): readonly EvaluationMark[] {
  if (error === null) return [];
  return error.positions.flatMap(({ file, line, column }, index): readonly EvaluationMark[] => {
    if (file !== path) return [];
    const place = { line, column, length: null };
    return index === 0
      ? [{ kind: 'error', message: explained(error), ...place }]
      : [{ kind: 'info', message: `led to: ${error.reason}`, ...place }];
  });
}

/**
 * The marks of what is impure in the text of a flake, whether it was evaluated or not. For some of it Nix fails without a
 * place: then it is found here, by what the error says.
 *
 * @param known the marks that are in the file already
 */
export function impureMarks(
  text: string,
  error: WireError | null,
  known: readonly EvaluationMark[],
): readonly EvaluationMark[] {
  const failed = error?.positions.length === 0 ? impurityOf(error.reason) : null;
  return impureExpressions(text).flatMap(({ impurity, start, end }): readonly EvaluationMark[] => {
    const before = text.slice(0, start).split('\n');
    const place = {
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
      length: end - start,
    };
    if (known.some((mark) => isWithin(mark, place))) return [];
    if (error !== null && failed !== null && isMeant(impurity, failed)) {
      return [{ kind: 'error', message: explained(error), ...place }];
    }
    const message = `Impure: ${impurityText(impurity)}\nFix: ${impurityFix(impurity)}`;
    return [{ kind: 'info', message, ...place }];
  });
}

/** The place to show for an error: the first in a file that can be opened, where `«string»` and `«stdin»` cannot. */
export function placeOf(error: WireError): WireError['positions'][number] | null {
  return error.positions.find(({ file }) => file.startsWith('/')) ?? null;
}

function explained({ reason, advice }: WireError): string {
  return advice === null ? reason : `${reason}\n${advice}`;
}

function isWithin(
  mark: EvaluationMark,
  {
    line,
    column,
    length,
  }: { readonly line: number; readonly column: number; readonly length: number },
): boolean {
  return mark.line === line && mark.column >= column && mark.column < column + length;
}

/** Whether an expression is the one that Nix complains of. Of a path it may name a directory above. */
function isMeant(impurity: Impurity, failed: Impurity): boolean {
  if (impurity.kind === 'path' && failed.kind === 'path') {
    return impurity.path === failed.path || impurity.path.startsWith(`${failed.path}/`);
  }
  if (impurity.kind === 'fetch' && failed.kind === 'fetch') return impurity.by === failed.by;
  return false;
}
