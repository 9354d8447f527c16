/** A person's shell in a paused build, on a terminal of its own. It changes the build itself: nothing is kept or thrown away. */
import type { PtyOutput } from './pty-output.ts';
import { loadPty, startOnTerminal, terminalExtent } from './pty.ts';
import type { StartedTerminal, TerminalSize } from './pty.ts';

export class PausedShell {
  readonly output: PtyOutput;
  /** Resolves when the shell has ended, however. */
  readonly ended: Promise<{ readonly exitCode: number }>;
  readonly #started: StartedTerminal;
  #isOver = false;

  private constructor(started: StartedTerminal) {
    this.#started = started;
    this.output = started.output;
    this.ended = started.end.then((end) => {
      this.#isOver = true;
      this.output.end();
      return end;
    });
  }

  /** @param command what opens the shell on the terminal it is started in. @throws StrataError `environment`. */
  static async open(
    command: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
    size: TerminalSize,
  ): Promise<PausedShell> {
    return new PausedShell(startOnTerminal(await loadPty(), command, env, size));
  }

  /** Types. What comes after the shell's end is lost. */
  write(data: string): void {
    if (!this.#isOver) this.#started.terminal.write(data);
  }

  resize({ columns, rows }: TerminalSize): void {
    if (!this.#isOver) this.#started.terminal.resize(terminalExtent(columns), terminalExtent(rows));
  }

  /** Ends it as if its terminal were closed. */
  async discard(): Promise<void> {
    if (!this.#isOver) this.#started.terminal.kill('SIGHUP');
    await this.ended;
  }
}
