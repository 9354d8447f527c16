/** Programs on a pseudo-terminal of their own, which a person types into. */
import type * as Pty from 'node-pty';
import { StrataError } from '../protocol/errors.ts';
import { PtyOutput } from './pty-output.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The part of node-pty's terminal that is used. */
export interface Terminal {
  readonly write: (data: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  readonly kill: (signal: string) => void;
}

export interface StartedTerminal {
  readonly terminal: Terminal;
  readonly output: PtyOutput;
  /** Resolves with the exit status; 128 + the signal's number where one ended it. */
  readonly end: Promise<{ readonly exitCode: number }>;
}

/** What starts programs on terminals. @throws StrataError `environment` where node-pty cannot be loaded. */
export async function loadPty(): Promise<typeof Pty> {
  try {
    return await import('node-pty');
  } catch (error) {
    throw new StrataError({
      code: 'environment',
      operation: 'opening a terminal',
      reason: `node-pty cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      advice: 'install it again: npm rebuild node-pty; strata shell needs none',
      cause: error,
    });
  }
}

export function startOnTerminal(
  pty: typeof Pty,
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { columns, rows }: TerminalSize,
  cwd?: string,
): StartedTerminal {
  const terminal = pty.spawn(program, args, {
    name: 'xterm-256color',
    cols: terminalExtent(columns),
    rows: terminalExtent(rows),
    env,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const output = new PtyOutput({
    pause: () => terminal.pause(),
    resume: () => terminal.resume(),
  });
  terminal.onData((data) => output.push(data));
  const end = new Promise<{ readonly exitCode: number }>((done) => {
    terminal.onExit(({ exitCode, signal = 0 }) =>
      done({ exitCode: signal === 0 ? exitCode : 128 + signal }),
    );
  });
  return { terminal, output, end };
}

/** A terminal of no columns is refused by the system, one of very many by programs. */
export function terminalExtent(count: number): number {
  return Math.min(Math.max(Math.trunc(count) || 1, 1), 1000);
}
