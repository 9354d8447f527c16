/**
 * Starting the tools of the machine: one function, so that arguments, acceptable exit codes, cancelling and error texts
 * are the same everywhere. Builds are not started here (see phases/): they stream, and their failure is no error of ours.
 */
import { spawn } from 'node:child_process';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { missingTool } from './requirements.ts';

/** In the environment of every process an engine starts: its process number, by which what it leaves is known as its own. */
export const ENGINE_VARIABLE = 'STRATA_ENGINE';

/** The variable {@link ENGINE_VARIABLE}, for the environment of a process of this engine. */
export function engineMark(): Readonly<Record<string, string>> {
  return { [ENGINE_VARIABLE]: String(process.pid) };
}

export interface ToolCall {
  /** What is being done, for error texts: "listing the closure of /nix/store/…". */
  readonly operation: string;
  readonly tool: string;
  readonly args: readonly string[];
  /** The whole environment; the engine's own where absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  /** Exit codes that are an answer and no failure; [0] where absent. */
  readonly accept?: readonly number[];
  /** Gets standard output as it comes, which then is not collected: it can be larger than the memory. */
  readonly onStdout?: (chunk: Buffer) => void;
  /** Called with standard error as it comes, for progress; it is collected all the same. */
  readonly onStderr?: (chunk: Buffer) => void;
  /** Whether `onStderr` alone gets standard error: a build's log can be larger than the memory. */
  readonly discardStderr?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface ToolResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/**
 * Runs a tool to its end and gives what it printed.
 *
 * @throws StrataError `environment` where the tool is not there, `cancelled` where the signal ended it, and `nix` (for
 *   Nix's own tools) or `environment` where the exit code is none of `accept`; `output` is the whole standard error.
 */
export async function runTool(call: ToolCall): Promise<ToolResult> {
  const { operation, tool, accept = [0] } = call;
  if (wasAborted(call.signal)) throw cancelled(operation);
  const child = spawn(tool, call.args, {
    cwd: call.cwd,
    env: { ...(call.env ?? process.env), ...engineMark() },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: cancelling must reach the tool's children, and Ctrl-C in the terminal is ours to handle.
    detached: true,
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', call.onStdout ?? ((chunk: Buffer) => stdout.push(chunk)));
  child.stderr.on('data', (chunk: Buffer) => {
    if (call.discardStderr !== true) stderr.push(chunk);
    call.onStderr?.(chunk);
  });
  // A tool may end without reading its input; that shows in its exit code, not here.
  child.stdin.on('error', () => undefined);
  child.stdin.end(call.input);
  let patience: NodeJS.Timeout | undefined;
  // Asked first: Nix ends its builders itself, and they are in no group of ours.
  const stop = (): void => {
    signalGroup(child.pid, 'SIGTERM');
    patience = setTimeout(() => killGroup(child.pid), PATIENCE_MS);
  };
  call.signal?.addEventListener('abort', stop, { once: true });
  try {
    const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>(
      (resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code, killedBy) => resolve([code, killedBy]));
      },
    );
    if (wasAborted(call.signal)) throw cancelled(operation);
    const result = {
      exitCode: exitCode ?? 128,
      stdout: Buffer.concat(stdout),
      stderr: Buffer.concat(stderr),
    };
    if (exitCode !== null && accept.includes(exitCode)) return result;
    throw toolFailed(call, signal ?? `exit status ${result.exitCode}`, result);
  } catch (error) {
    // EACCES: a directory on PATH that this user may not enter comes before none that has the tool.
    if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'EACCES')) {
      throw missingTool(tool, operation, error);
    }
    throw error;
  } finally {
    clearTimeout(patience);
    call.signal?.removeEventListener('abort', stop);
  }
}

/** A function, so that the compiler does not take the answer from before an await for the answer after it. */
export function wasAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** For so long a tool that was asked to end may clear up. */
const PATIENCE_MS = 1000;

/** Kills a process group at once; says nothing where it is gone already. */
export function killGroup(pid: number | undefined): void {
  signalGroup(pid, 'SIGKILL');
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ESRCH') throw error;
  }
}

export function cancelled(operation: string): StrataError {
  return new StrataError({ code: 'cancelled', operation, reason: 'cancelled' });
}

function toolFailed(call: ToolCall, how: string, result: ToolResult): StrataError {
  const output = result.stderr.toString('utf8').trim() || result.stdout.toString('utf8').trim();
  return new StrataError({
    code: /^nix(-|$)/.test(call.tool) ? 'nix' : 'environment',
    operation: call.operation,
    reason:
      output === ''
        ? `${call.tool} ended with ${how} and printed nothing`
        : `${call.tool} ended with ${how}`,
    output,
  });
}
