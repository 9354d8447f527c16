/** Errors on their way over the wire, and as they are when they arrive. */
import { StrataError } from './errors.ts';
import { z } from './schema.ts';
import { wireErrorSchema, type WireError } from './wire.ts';

/** Where in which source: evaluation errors carry them. */
const positionsSchema = z.object({ positions: wireErrorSchema.shape.positions });

/** Any thrown value as the wire carries it. What is no StrataError is a fault of ours: code `fault`, its stack as output. */
export function wireError(error: unknown, operation: string): WireError {
  if (error instanceof StrataError) {
    const { code, operation: what, reason, advice = null, output = null } = error;
    const positions = positionsSchema.safeParse(error).data?.positions ?? [];
    return {
      code,
      operation: what,
      reason,
      advice,
      choices: [...error.choices],
      output,
      positions,
    };
  }
  const known = error instanceof Error ? error : new Error(String(error));
  return {
    code: 'fault',
    operation,
    reason: known.message,
    advice: null,
    choices: [],
    output: known.stack ?? null,
    positions: [],
  };
}

/** The error for a request that makes no sense. */
export function usageError(operation: string, reason: string): StrataError {
  return new StrataError({ code: 'usage', operation, reason });
}

/**
 * A request that failed, in the words of the engine. `code` is one of {@link StrataError}'s, or `fault` for a mistake of
 * Strata's own (then `output` is the stack), or `disconnected` where the engine has gone.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: string;
  readonly operation: string;
  readonly reason: string;
  readonly advice: string | null;
  readonly choices: readonly string[];
  readonly output: string | null;
  readonly positions: WireError['positions'];

  constructor(error: WireError) {
    super(`${error.operation}: ${error.reason}`);
    this.code = error.code;
    this.operation = error.operation;
    this.reason = error.reason;
    this.advice = error.advice;
    this.choices = error.choices;
    this.output = error.output;
    this.positions = error.positions;
  }
}

/** An error that arises on this side of the wire. */
export function localError(
  code: string,
  operation: string,
  reason: string,
  advice: string | null = null,
): RequestError {
  return new RequestError({
    code,
    operation,
    reason,
    advice,
    choices: [],
    output: null,
    positions: [],
  });
}
