/** The end of what the engine's process prints on standard error: where it does not start, nothing else says why. */
import { stripVTControlCharacters } from 'node:util';

/** Lines that are kept; a question must fit on the screen. */
const mostLines = 8;
/** Characters of which the lines are taken. */
const longest = 2_000;
/** How long after the process's end the rest of its pipe is waited for (milliseconds). */
const patienceMs = 500;

export class LastWords {
  readonly #stream: NodeJS.ReadableStream;
  readonly #take: (chunk: Buffer) => void;
  #text = '';

  /** @param passOn gets everything as it comes. */
  constructor(stream: NodeJS.ReadableStream, passOn: (chunk: Buffer) => void) {
    this.#stream = stream;
    this.#take = (chunk) => {
      this.add(chunk.toString());
      passOn(chunk);
    };
    stream.on('data', this.#take);
  }

  add(text: string): void {
    this.#text = (this.#text + text).slice(-longest);
  }

  /** The last lines, once the pipe is empty; to be asked for while the process's exit is told. */
  async afterExit(): Promise<string> {
    // "this.#stderr.removeAllListeners()" (lib/browser/api/utility-process.ts) follows the exit, while the pipe may hold more.
    await Promise.resolve();
    if (!this.#stream.listeners('data').includes(this.#take)) this.#stream.on('data', this.#take);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      this.#stream.once('end', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    const lines = stripVTControlCharacters(this.#text).trim().split('\n');
    return lines.slice(-mostLines).join('\n');
  }
}
