/** A program on a terminal of its own, with nothing of ours around it: no sandbox, no layer. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PtyOutput } from './pty-output.ts';
import {
  loadPty,
  startOnTerminal,
  terminalExtent,
  type StartedTerminal,
  type Terminal,
  type TerminalSize,
} from './pty.ts';

export interface TerminalProgram {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
}

/** How long a program may take to end when its terminal is closed (milliseconds). */
const PATIENCE = 2000;

export class PlainTerminal {
  readonly output: PtyOutput;
  /** Resolves when the program has ended, however. */
  readonly ended: Promise<{ readonly exitCode: number }>;
  readonly #terminal: Terminal;
  #isOver = false;

  private constructor({ terminal, output, end }: StartedTerminal) {
    this.#terminal = terminal;
    this.output = output;
    this.ended = end.then((result) => {
      this.#isOver = true;
      output.end();
      return result;
    });
  }

  /** @throws StrataError `environment` where there can be no terminal. */
  static async open(program: TerminalProgram, size: TerminalSize): Promise<PlainTerminal> {
    const { argv, env, directory } = program;
    return new PlainTerminal(startOnTerminal(await loadPty(), argv, env, size, directory));
  }

  /** Types. What comes after the program's end is lost. */
  write(data: string): void {
    if (!this.#isOver) this.#terminal.write(data);
  }

  resize({ columns, rows }: TerminalSize): void {
    if (!this.#isOver) this.#terminal.resize(terminalExtent(columns), terminalExtent(rows));
  }

  /** Ends the program as if its terminal were closed; in the end by force. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#terminal.kill('SIGHUP');
    const inTime = await Promise.race([this.ended.then(() => true), sleep(PATIENCE, false)]);
    if (!inTime) this.#terminal.kill('SIGKILL');
    await this.ended;
  }
}
