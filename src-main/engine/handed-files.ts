/**
 * Files that fronts hand over in pieces, because they lie where the engine cannot read them: a browser tells no path of what
 * is dropped on it. They live until they are dropped or the engine ends; what a crash leaves is swept away as any draft.
 */
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { draftName } from '../host/draft.ts';
import { describingFileErrors } from '../host/durable.ts';
import { StrataError } from '../protocol/errors.ts';

export class HandedFiles {
  readonly #root: string;
  /** By path. */
  readonly #files = new Map<string, WriteStream>();

  /** @param root the cache directory */
  constructor(root: string) {
    this.#root = root;
  }

  /** Begins one, and gives its path. @param name as its owner knows it: the number in `ld.4711` is told by nothing else */
  async begin(name: string): Promise<string> {
    const directory = join(this.#root, draftName());
    const path = join(directory, fileName(name));
    await describingFileErrors(`taking over ${name}`, async () => mkdir(directory));
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    // Told to whoever writes next, and not to nobody.
    file.on('error', () => undefined);
    this.#files.set(path, file);
    return path;
  }

  /** @throws StrataError `usage` for what was not begun here, `environment` where the disk is full. */
  async write(path: string, bytes: Buffer): Promise<void> {
    const file = this.#files.get(path);
    if (file === undefined) {
      throw new StrataError({
        code: 'usage',
        operation: `taking over ${path}`,
        reason: 'no file was begun there',
      });
    }
    await describingFileErrors(
      `taking over ${basename(path)}`,
      async () =>
        new Promise<void>((resolve, reject) => {
          file.write(bytes, (error) => (error ? reject(error) : resolve()));
        }),
    );
  }

  /** Does nothing for what is not there any more. */
  async drop(path: string): Promise<void> {
    const file = this.#files.get(path);
    if (file === undefined) return;
    this.#files.delete(path);
    file.end();
    await finished(file).catch(() => undefined);
    await rm(dirname(path), { recursive: true, force: true });
  }

  async dropAll(): Promise<void> {
    await Promise.all(Array.from(this.#files.keys(), async (path) => this.drop(path)));
  }
}

/** The last part, without what no file system takes. */
function fileName(name: string): string {
  const last = basename(name.replaceAll('\0', ''));
  return ['', '.', '..'].includes(last) ? 'file' : last.slice(-120);
}
