/** Asking a program of the machine something where every outcome is an answer: that it is not there, that it refuses. */
import { runTool } from '../host/process.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';

export type Answer =
  | { readonly kind: 'absent' }
  /** It was there and could not be started, or did not answer in time. */
  | { readonly kind: 'silent'; readonly reason: string }
  | { readonly kind: 'answered'; readonly exitCode: number; readonly output: string };

/** A healthy machine answers within some 50 ms; this ends a wait for a dead daemon or a stale network mount. */
export const PATIENCE_MS = 3000;
const ANY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);

/** Runs the program and gives what it printed, standard output before standard error; never throws. */
export async function ask(tool: string, ...args: readonly string[]): Promise<Answer> {
  try {
    const { exitCode, stdout, stderr } = await runTool({
      operation: `asking ${tool}`,
      tool,
      args,
      accept: ANY_EXIT_CODE,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return {
      kind: 'answered',
      exitCode,
      output: `${stdout.toString()}${stderr.toString()}`.trim(),
    };
  } catch (error) {
    return unanswered(tool, error);
  }
}

function unanswered(tool: string, error: unknown): Answer {
  // execvp(3) says EACCES for a program it did not find where it may not look into one of the directories of PATH.
  if (isSystemError(error) && error.code === 'EACCES') return { kind: 'absent' };
  if (error instanceof StrataError) {
    if (isSystemError(error.cause) && error.cause.code === 'ENOENT') return { kind: 'absent' };
    if (error.code === 'cancelled') {
      return { kind: 'silent', reason: `${tool} gave no answer in ${PATIENCE_MS / 1000} s` };
    }
    return { kind: 'silent', reason: error.reason };
  }
  return { kind: 'silent', reason: error instanceof Error ? error.message : String(error) };
}
