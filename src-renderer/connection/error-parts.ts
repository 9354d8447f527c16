/** Any thrown value in the parts that a person is shown. */
import { RequestError } from '../../src-main/protocol/wire-error.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';

export function errorParts(error: unknown): WireError {
  if (error instanceof RequestError) {
    const { code, operation, reason, advice, choices, output, positions } = error;
    return { code, operation, reason, advice, choices: [...choices], output, positions };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'fault',
    operation: '',
    reason,
    advice: null,
    choices: [],
    output: null,
    positions: [],
  };
}

/** Whether it was we who ended it: nothing to show then. */
export function isCancelled(error: unknown): boolean {
  return (
    (error instanceof RequestError && error.code === 'cancelled') ||
    (error instanceof DOMException && error.name === 'AbortError')
  );
}
