/**
 * Terminals for programs nobody types into: what they print can be coloured, and they can open /dev/stdout, which they
 * cannot where it is a socket.
 *
 * A pseudo-terminal has two ends: programs print to the slave, the engine reads from the master (pty(7)).
 */
import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import { StrataError, isSystemError } from '../protocol/errors.ts';

/** What node-pty has for each system beside its API: openpty(3) alone. Its `spawn` may lose the end of an output. */
interface Native {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

/** As Nix's builders see it, which set no size: programs take what they take where there is none. */
const [COLUMNS, ROWS] = [80, 24];

/** So long a program may have stopped its own terminal's output (tcflow(3)) before what it holds back is given up. */
const PATIENCE_MS = 2000;

const writeTo = promisify(write);

export class PseudoTerminal {
  /** The slave's descriptor, for the standard output and error of a process; see {@link handedOver}. */
  readonly slave: number;
  readonly #master: ReadStream;
  readonly #ours: number;
  /** What comes last, and who waits for it. */
  #end: { readonly mark: Buffer; readonly reached: () => void; held: Buffer } | null = null;
  #handedOver = false;

  private constructor(native: Native, take: (chunk: Buffer) => void) {
    const { master, slave, pty } = native.open(COLUMNS, ROWS);
    this.#ours = slave;
    this.#master = new ReadStream(master);
    // That of `open` does not block, which programs do not expect of their standard output.
    this.slave = openSync(pty, constants.O_RDWR | constants.O_NOCTTY);
    this.#master.on('data', (chunk: Buffer) => {
      if (this.#end === null) take(chunk);
      else this.#takeUntilMark(chunk, take);
    });
    // Reading ends with EIO where no slave is open; ours is until the end.
    this.#master.on('error', () => this.#end?.reached());
  }

  /**
   * Opens one.
   *
   * @param take is called with what is printed, as it comes.
   * @throws StrataError `environment` where there is no terminal to be had.
   */
  static async open(take: (chunk: Buffer) => void): Promise<PseudoTerminal> {
    try {
      const { native } = (await import('node-pty')) as unknown as { readonly native: Native };
      return new PseudoTerminal(native, take);
    } catch (error) {
      throw new StrataError({
        code: 'environment',
        operation: 'opening a terminal for the builder',
        reason: error instanceof Error ? error.message : String(error),
        advice: isSystemError(error)
          ? 'see what holds so many terminals: ls /dev/pts'
          : 'install Strata’s packages again: npm rebuild node-pty',
        cause: error,
      });
    }
  }

  /** Lets go of {@link slave}: the process has its own by now, or will never have one. */
  handedOver(): void {
    if (this.#handedOver) return;
    this.#handedOver = true;
    closeSync(this.slave);
  }

  /**
   * Waits until all that was printed so far has been taken. A mark is sent after it: that the other end has been closed
   * says nothing of what is still on its way (libuv takes a short read and a hang-up for the end, and drops the rest).
   */
  async drained(): Promise<void> {
    let mark = Buffer.from(randomUUID());
    const reached = new Promise<void>((resolve) => {
      this.#end = { mark, reached: resolve, held: Buffer.alloc(0) };
    });
    const patience = Date.now() + PATIENCE_MS;
    while (mark.length > 0) {
      try {
        mark = mark.subarray((await writeTo(this.#ours, mark)).bytesWritten);
      } catch (error) {
        if (!isSystemError(error) || error.code !== 'EAGAIN') throw error;
        if (Date.now() > patience) return;
        await sleep(5);
      }
    }
    await reached;
  }

  close(): void {
    this.handedOver();
    this.#master.destroy();
    closeSync(this.#ours);
  }

  #takeUntilMark(chunk: Buffer, take: (chunk: Buffer) => void): void {
    const end = this.#end;
    if (end === null) return;
    const held = Buffer.concat([end.held, chunk]);
    const at = held.indexOf(end.mark);
    // The mark can come in two pieces: as much as may be its beginning is kept back.
    const free = at === -1 ? Math.max(0, held.length - end.mark.length) : at;
    if (free > 0) take(held.subarray(0, free));
    end.held = held.subarray(free);
    if (at !== -1) end.reached();
  }
}
