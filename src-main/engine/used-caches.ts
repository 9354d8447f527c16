/**
 * The binary caches that builds fetch from beside those of nix.conf: `caches.json` in Strata's configuration directory.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { makeDirectories, writeDurably } from '../host/durable.ts';
import { fullDisk, isFull } from '../host/full-disk.ts';
import { xdgDirectory } from '../host/xdg.ts';
import { brokenEntries, cacheState, cacheUri, type BrokenEntry } from '../nix/binary-cache.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { cacheSettings } from './export-cache.ts';

const cacheSchema = z.object({
  directory: z.string(),
  /** `NAME:BASE64`; null where what is in it is taken unsigned. */
  publicKey: z.string().nullable(),
});
const fileSchema = z.object({ schema: z.literal(1), caches: z.array(cacheSchema) });

export type UsedCache = Readonly<z.infer<typeof cacheSchema>>;

export class UsedCaches {
  readonly #file: string;
  /** Resolves when the last change of the list is over; never rejects. */
  #changed: Promise<unknown> = Promise.resolve();

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#file = join(xdgDirectory(env, 'XDG_CONFIG_HOME', '.config'), 'caches.json');
  }

  /** @throws StrataError `format` where somebody wrote something else into the file. */
  async list(): Promise<readonly UsedCache[]> {
    try {
      return fileSchema.parse(JSON.parse(await readFile(this.#file, 'utf8'))).caches;
    } catch (error) {
      if (isSystemError(error) && error.code === 'ENOENT') return [];
      throw new StrataError({
        code: 'format',
        operation: `reading ${this.#file}`,
        reason: 'it is no list of binary caches',
        advice: 'remove it, and add the caches again: strata cache add DIR',
        cause: error,
      });
    }
  }

  /** Settings as `--option NAME VALUE` gives them to Nix. A cache that is not there, as on a disk that was taken out, is left out. */
  async settings(): Promise<readonly (readonly [string, string])[]> {
    const usable: UsedCache[] = [];
    for (const cache of await this.list()) {
      const state = await cacheState(cache.directory).catch(() => null);
      if (state?.kind === 'cache') usable.push(cache);
    }
    return usable.flatMap(({ directory, publicKey }) => cacheSettings(directory, publicKey));
  }

  /**
   * Uses a cache from the next build on. Its archives are compared with their entries.
   *
   * @throws StrataError `format` where it is no cache, or one whose archives do not match; `not-found`.
   */
  async add(
    given: string,
    key: string | null,
    { storeDirectory, signal }: { readonly storeDirectory: string; readonly signal: AbortSignal },
  ): Promise<UsedCache> {
    const directory = resolve(given);
    const operation = `adding the binary cache ${directory}`;
    cacheUri(directory);
    const state = await cacheState(directory);
    if (state.kind === 'absent') {
      throw new StrataError({
        code: 'not-found',
        operation,
        reason: 'there is no such directory, or nothing in it',
        advice: 'make one: strata cache export TARGET DIR',
      });
    }
    if (state.kind === 'other') {
      throw new StrataError({
        code: 'format',
        operation,
        reason: state.reason,
        advice: 'name a directory that strata cache export or nix copy made',
      });
    }
    if (state.storeDirectory !== storeDirectory) {
      throw new StrataError({
        code: 'format',
        operation,
        reason: `it is a cache of the store ${state.storeDirectory}, and this one is ${storeDirectory}`,
      });
    }
    if (key !== null && !/^[^\s:]+:[A-Za-z0-9+/]+=*$/.test(key)) {
      throw new StrataError({
        code: 'usage',
        operation,
        reason: `${JSON.stringify(key)} is no public key`,
        advice: 'give it as strata cache export printed it: NAME:BASE64',
      });
    }
    const { broken } = await brokenEntries(directory, null, 'archives', signal);
    if (broken.length > 0) throw brokenCache(operation, broken);
    const cache = { directory, publicKey: key };
    await this.#change((caches) => [...caches.filter((one) => one.directory !== directory), cache]);
    return cache;
  }

  /** Uses a cache no more; the directory stays. @throws StrataError `not-found`. */
  async remove(given: string): Promise<void> {
    const directory = resolve(given);
    await this.#change((caches) => {
      const left = caches.filter((one) => one.directory !== directory);
      if (left.length < caches.length) return left;
      throw new StrataError({
        code: 'not-found',
        operation: `removing the binary cache ${directory}`,
        reason: 'no build uses it',
        advice: 'see those that are used: strata cache list',
        choices: caches.map((one) => one.directory),
      });
    });
  }

  /** One change after the other: two windows may make theirs at once. */
  async #change(change: (caches: readonly UsedCache[]) => readonly UsedCache[]): Promise<void> {
    const changed = this.#changed.then(async () => this.#write(change(await this.list())));
    this.#changed = changed.catch(() => undefined);
    await changed;
  }

  async #write(caches: readonly UsedCache[]): Promise<void> {
    const place = dirname(this.#file);
    const text = `${JSON.stringify({ schema: 1, caches }, null, 2)}\n`;
    try {
      await makeDirectories(place);
      await writeDurably(this.#file, text);
    } catch (error) {
      if (!isFull(error)) throw error;
      throw await fullDisk(error, {
        operation: `writing ${this.#file}`,
        place,
        needed: { bound: 'about', bytes: text.length },
        advice:
          'make room there, or set XDG_CONFIG_HOME to another directory; the list is as it was',
      });
    }
  }
}

function brokenCache(operation: string, broken: readonly BrokenEntry[]): StrataError {
  const [first] = broken;
  const more = broken.length === 1 ? '' : `, and ${broken.length - 1} more`;
  return new StrataError({
    code: 'format',
    operation,
    reason: `${first?.file ?? ''}: ${first?.reason ?? ''}${more}`,
    advice: 'export to it again, which writes them anew (strata cache export), or get it again',
    output: broken.map(({ file, reason }) => `${file}: ${reason}`).join('\n'),
  });
}
