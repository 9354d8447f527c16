/**
 * The directory in which the engine and the hooks in the builder's shell meet (`/.strata` inside). The build can write
 * there too, so what comes back is read as a stranger's: no links are followed, only regular files of a bounded size.
 */
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { isSystemError } from '../protocol/errors.ts';
import { runTool } from '../host/process.ts';
import { hookFile } from './hook-files.ts';

/** What the shell is started for; see resources/hooks/hook.bash. */
export type HookMode = 'setup' | 'whole' | 'phase' | 'shell';

/** What a shell of each kind reads. */
const HOOK_FILES = {
  setup: ['hook.bash'],
  whole: ['hook.bash'],
  phase: ['hook.bash', 'phase.bash'],
  shell: ['hook.bash', 'shell.bash'],
} as const;

/** States of shells with megabytes of variables are real; more than this is not. */
const LARGEST_FILE = 256 * 1024 * 1024;

export class ControlDirectory {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes the directory with the hooks in it. */
  static create(path: string, mode: HookMode): ControlDirectory {
    mkdirSync(path, { recursive: true });
    for (const name of HOOK_FILES[mode]) copyFileSync(hookFile(name), join(path, name));
    const control = new ControlDirectory(path);
    control.write('mode', mode);
    return control;
  }

  write(name: string, contents: string | Uint8Array): void {
    writeFileSync(join(this.path, name), contents);
  }

  /** A file the build left here; null where there is none that can be trusted to be one. */
  read(name: string): Buffer | null {
    let file: number;
    try {
      file = openSync(
        join(this.path, name),
        constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
      );
    } catch (error) {
      if (isSystemError(error)) return null;
      throw error;
    }
    try {
      const { size, isFile } = describe(file);
      return isFile && size <= LARGEST_FILE ? readFileSync(file) : null;
    } finally {
      closeSync(file);
    }
  }

  /** Asks the hook to wait at a failure for {@link answer}. */
  async offerToHold(): Promise<void> {
    copyFileSync(hookFile('attach.bash'), join(this.path, 'attach.bash'));
    await runTool({
      operation: 'preparing to hold a failure',
      tool: 'mkfifo',
      args: [join(this.path, 'hold')],
    });
  }

  /** Whether the hook waits now. */
  isHeld(): boolean {
    return existsSync(join(this.path, 'held'));
  }

  /**
   * Gives a shell that joins a held one the script of its state. Processes of the build may still be at work here, so
   * nothing that they made is written through.
   */
  writeHeldState(script: Uint8Array): void {
    const path = join(this.path, 'held.bash');
    rmSync(path, { force: true, recursive: true });
    writeFileSync(path, script, { flag: 'wx', mode: 0o644 });
  }

  /** Lets a held shell go on, as if the phase had succeeded, or end. Says nothing where it has gone. */
  answer(answer: 'continue' | 'end'): void {
    try {
      const { O_WRONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
      // The build may have put something else in its place: a link would lead out of the sandbox.
      const fifo = openSync(join(this.path, 'hold'), O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
      try {
        if (fstatSync(fifo).isFIFO()) writeSync(fifo, `${answer}\n`);
      } finally {
        closeSync(fifo);
      }
    } catch (error) {
      // ENXIO: nobody reads any more, the shell has ended by itself. What else is refused is the build's doing.
      if (!isSystemError(error)) throw error;
    }
  }
}

function describe(file: number): { readonly size: number; readonly isFile: boolean } {
  const stat = fstatSync(file);
  return { size: stat.size, isFile: stat.isFile() };
}
