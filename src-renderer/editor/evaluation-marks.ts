/** Nix's evaluation errors as marks in the files they name. */
import type { WireError } from '../../src-main/protocol/wire.ts';

export interface EvaluationMark {
  /** `error` where it happened, `info` for what led there. */
  readonly kind: 'error' | 'info';
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** The marks of an error in one file. */
export function marksIn(path: string, error: WireError | null): readonly EvaluationMark[] {
  return (error?.positions ?? []).flatMap(({ file, line, column }, index) => {
    if (file !== path) return [];
    const message = index === 0 ? (error?.reason ?? '') : `led to: ${error?.reason ?? ''}`;
    return [{ kind: index === 0 ? 'error' : 'info', message, line, column }] as const;
  });
}

/** The place to show for an error: the first in a file that can be opened, where `«string»` and `«stdin»` cannot. */
export function placeOf(error: WireError): WireError['positions'][number] | null {
  return error.positions.find(({ file }) => file.startsWith('/')) ?? null;
}
