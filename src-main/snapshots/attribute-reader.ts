/**
 * Reads one extended attribute of many files through a shell that stays: starting a process costs an engine of a hundred
 * megabytes as much as all else that is done at the end of a phase, and a small shell next to nothing.
 *
 * The shell is asked `DIRECTORY NUL NAMES-FILE NUL` and answers `WHAT-GETFATTR-PRINTED NUL EXIT-STATUS NUL`. It ends with
 * its standard input, and so with the engine, however that ends.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { encodePath } from '../host/byte-path.ts';
import { engineMark } from '../host/process.ts';
import { asOwnRoot } from './own-root.ts';

type Shell = ChildProcessByStdio<Writable, Readable, null>;

/** More names than this go through xargs: the kernel takes so many arguments of a common length, and more. */
const MOST_ARGUMENTS = 500;

const ANSWERS = `
cd /
while IFS= read -r -d '' directory && IFS= read -r -d '' list; do
  mapfile -d '' names < "$list"
  cd -- "$directory"
  if (( \${#names[@]} <= ${MOST_ARGUMENTS} )); then
    getfattr -h -d -m "$1" -- "\${names[@]}"
  else
    xargs -0 getfattr -h -d -m "$1" -- < "$list"
  fi
  printf '\\0%s\\0' "$?"
  cd /
done`;

export class AttributeReader {
  readonly #pattern: string;
  #shell: Promise<Shell> | null = null;
  /** The last question: the next waits for its answer. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param pattern of the attribute's name, as getfattr's `-m` takes it. */
  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  /**
   * What getfattr prints of the files that a list names.
   *
   * @param directory absolute; the names are relative to it.
   * @param list a file of names, each ended by NUL; at least one.
   * @returns null where it failed, or there is no such shell: whoever asks then finds out why.
   */
  async read(directory: string, list: string): Promise<Buffer | null> {
    const answer = this.#last.then(() => this.#ask(directory, list));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #ask(directory: string, list: string): Promise<Buffer | null> {
    this.#shell ??= this.#start();
    const shell = await this.#shell;
    const question = encodePath(`${directory}\0${list}\0`);
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      let nuls = 0;
      const end = (answer: Buffer | null): void => {
        shell.stdout.off('data', take);
        shell.off('close', gone);
        hold(shell, false);
        resolve(answer);
      };
      const gone = (): void => {
        this.#shell = null;
        end(null);
      };
      const take = (chunk: Buffer): void => {
        chunks.push(chunk);
        for (const byte of chunk) if (byte === 0) nuls += 1;
        if (nuls === 2) end(printedWhereWell(Buffer.concat(chunks)));
      };
      shell.stdout.on('data', take);
      shell.once('close', gone);
      hold(shell, true);
      shell.stdin.write(question);
    });
  }

  async #start(): Promise<Shell> {
    const { tool, args } = await asOwnRoot('bash', ['-c', ANSWERS, 'bash', this.#pattern]);
    const shell = spawn(tool, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, BASH_ENV: undefined, LC_ALL: 'C', ...engineMark() },
      // Ctrl-C in the terminal is the engine's to handle.
      detached: true,
    });
    // What cannot be started or written to has closed, or will.
    shell.on('error', () => undefined);
    shell.stdin.on('error', () => undefined);
    hold(shell, false);
    return shell;
  }
}

/** Whether the engine waits for the shell, or may end while it is there. */
function hold(shell: Shell, held: boolean): void {
  for (const stream of [shell.stdin, shell.stdout]) {
    if (!(stream instanceof Socket)) continue;
    if (held) stream.ref();
    else stream.unref();
  }
  if (held) shell.ref();
  else shell.unref();
}

function printedWhereWell(answer: Buffer): Buffer | null {
  const at = answer.indexOf(0);
  return answer.subarray(at + 1, -1).toString() === '0' ? answer.subarray(0, at) : null;
}
