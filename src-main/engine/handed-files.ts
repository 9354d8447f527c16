/**
 * Files that fronts hand over in pieces, because they lie where the engine cannot read them: a browser tells no path of what
 * is dropped on it. They live until they are dropped or the engine ends; what a crash leaves is swept away as any draft.
 */
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { draftName } from '../host/draft.ts';
import { describingFileErrors } from '../host/durable.ts';
import { StrataError } from '../protocol/errors.ts';

export class HandedFiles {
  readonly #root: string;
  /** None is kept open: `strace -ff` writes thousands. */
  readonly #paths = new Set<string>();

  /** @param root the cache directory */
  constructor(root: string) {
    this.#root = root;
  }

  /** Begins one, and gives its path. @param name as its owner knows it: the number in `ld.4711` is told by nothing else */
  async begin(name: string): Promise<string> {
    const directory = join(this.#root, draftName());
    const path = join(directory, fileName(name));
    await describingFileErrors(`taking over ${name}`, async () => {
      await mkdir(directory);
      this.#paths.add(path);
      await writeFile(path, '', { flag: 'wx', mode: 0o600 });
    });
    return path;
  }

  /**
   * Adds a piece at the end; pieces of a file must come one after the other.
   *
   * @throws StrataError `usage` for what was not begun here, `environment` where the disk is full.
   */
  async write(path: string, bytes: Buffer): Promise<void> {
    if (!this.#paths.has(path)) {
      throw new StrataError({
        code: 'usage',
        operation: `taking over ${path}`,
        reason: 'no file was begun there',
      });
    }
    await describingFileErrors(`taking over ${basename(path)}`, async () =>
      appendFile(path, bytes),
    );
  }

  /** Does nothing for what is not there any more. */
  async drop(path: string): Promise<void> {
    if (this.#paths.delete(path)) await rm(dirname(path), { recursive: true, force: true });
  }

  async dropAll(): Promise<void> {
    await Promise.all(Array.from(this.#paths, async (path) => this.drop(path)));
  }
}

/** File systems take 255 bytes, and a character is up to three. */
const LONGEST_NAME = 80;

/** The last part, without what no file system takes. */
function fileName(name: string): string {
  const last = basename(name.replaceAll('\0', ''));
  return ['', '.', '..'].includes(last) ? 'file' : last.slice(-LONGEST_NAME);
}
