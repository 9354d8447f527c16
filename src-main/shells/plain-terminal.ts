/** A program on a terminal of its own, with nothing of ours around it: no sandbox, no layer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PtyOutput } from './pty-output.ts';
import { clamp, loadPty, type TerminalSize } from './pty.ts';

export interface TerminalProgram {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
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

  private constructor(terminal: Terminal, output: PtyOutput, ended: Promise<number>) {
    this.#terminal = terminal;
    this.output = output;
    this.ended = ended.then((exitCode) => {
      this.#isOver = true;
      output.end();
      return { exitCode };
    });
  }

  /** @throws StrataError `environment` where there can be no terminal. */
  static async open(program: TerminalProgram, size: TerminalSize): Promise<PlainTerminal> {
    const pty = await loadPty();
    const [file, ...args] = program.argv;
    const terminal = pty.spawn(file, args, {
      name: 'xterm-256color',
      cols: clamp(size.columns),
      rows: clamp(size.rows),
      cwd: program.directory,
      env: program.env,
    });
    const output = new PtyOutput({
      pause: () => terminal.pause(),
      resume: () => terminal.resume(),
    });
    terminal.onData((data) => output.push(data));
    const ended = new Promise<number>((resolve) => {
      terminal.onExit(({ exitCode, signal = 0 }) =>
        resolve(signal === 0 ? exitCode : 128 + signal),
      );
    });
    return new PlainTerminal(terminal, output, ended);
  }

  /** Types. What comes after the program's end is lost. */
  write(data: string): void {
    if (!this.#isOver) this.#terminal.write(data);
  }

  resize({ columns, rows }: TerminalSize): void {
    if (!this.#isOver) this.#terminal.resize(clamp(columns), clamp(rows));
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

/** The part of node-pty's terminal that is used. */
interface Terminal {
  readonly write: (data: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  readonly kill: (signal: string) => void;
}
