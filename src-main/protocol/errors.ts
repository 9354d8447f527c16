/**
 * The one kind of error that reaches people: what failed, why, and what to do about it.
 *
 * Everything Strata throws on purpose is a StrataError; anything else is a fault of ours and is shown with its stack.
 */

export type ErrorCode =
  /** The words of a command or request do not make sense. */
  | 'usage'
  /** The machine lacks something: a tool, a right, room on the disk. */
  | 'environment'
  /** Nix refused or failed: evaluation, realisation, its daemon. */
  | 'nix'
  /** A file Strata was given or keeps cannot be read as what it should be. */
  | 'format'
  /** Something named does not exist: a snapshot, a path in it, a phase. */
  | 'not-found'
  /** The operation is refused because others depend on the thing. */
  | 'in-use'
  /** The user, or the caller's AbortSignal, ended it. */
  | 'cancelled'
  /** The build itself failed. */
  | 'build-failed';

export interface ErrorParts {
  readonly code: ErrorCode;
  /** What was being done, as a gerund: "reading /nix/store/….drv". */
  readonly operation: string;
  /** Why it failed, in the words of whoever refused. */
  readonly reason: string;
  /** What the person can do next; several lines are allowed. */
  readonly advice?: string;
  /** Names one can give instead, for fronts to offer. */
  readonly choices?: readonly string[];
  /** The whole output of a tool, where one failed. */
  readonly output?: string;
  readonly cause?: unknown;
}

export class StrataError extends Error {
  override readonly name = 'StrataError';
  readonly code: ErrorCode;
  readonly operation: string;
  readonly reason: string;
  readonly advice: string | undefined;
  readonly choices: readonly string[];
  readonly output: string | undefined;

  constructor(parts: ErrorParts) {
    super(`${parts.operation}: ${parts.reason}`, { cause: parts.cause });
    this.code = parts.code;
    this.operation = parts.operation;
    this.reason = parts.reason;
    this.advice = parts.advice;
    this.choices = parts.choices ?? [];
    this.output = parts.output;
  }
}

/** Whether a thrown value is Node's error for a failed system call, with `code` such as ENOENT. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

/** For the `default` of a switch over a discriminated union: a new variant is then a compile error. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected variant: ${JSON.stringify(value)}`);
}
