/**
 * The root directory as a phase saw it, read without entering a sandbox: the snapshot's files, the base below them, and what
 * was shown of the host over them (sandbox/command.ts makes the same of mounts). Links lead nowhere else.
 */
import { lstat, readFile, readdir, readlink, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SandboxSetting } from '../phases/sandbox-process.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import type { HostBind } from '../sandbox/policy.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import { parseElf } from '../trace/elf.ts';
import { scriptInterpreter } from '../trace/interpreter-line.ts';
import { parseLoaderCache } from '../trace/loader-cache.ts';
import { parseLoader, type Loader } from '../trace/loader.ts';
import type { StaticFile, StaticRoot } from '../trace/static-root.ts';

/** Larger files are not read (bytes). */
const LARGEST = 256 * 1024 * 1024;

/** Linux's own limit (include/linux/namei.h: MAXSYMLINKS). */
const MOST_LINKS = 40;

/** Where the bytes of something are. */
type Place = { readonly kind: 'snapshot' } | { readonly kind: 'host'; readonly path: string };

/** What is at a path whose directories are no links. */
type Found =
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'directory' | 'file' | 'other'; readonly place: Place; readonly size: number };

/** An entry of a directory. */
interface Listed {
  readonly path: string;
  readonly kind: Found['kind'];
}

export class PhaseRoot implements StaticRoot {
  readonly #snapshotter: Snapshotter;
  readonly #snapshot: string;
  readonly #base: string;
  /** By the path inside. */
  readonly #binds: ReadonlyMap<string, HostBind>;
  /** The host's store below the layers, which policy `off` shows. */
  readonly #hostStore: string | null;
  readonly #found = new Map<string, Promise<Found | null>>();
  readonly #files = new Map<string, Promise<StaticFile | null>>();
  readonly #loaders = new Map<string, Promise<Loader | null>>();
  readonly #caches = new Map<string, Promise<ReadonlyMap<string, readonly string[]> | null>>();

  constructor(
    snapshotter: Snapshotter,
    snapshot: string,
    { materials, policy, storeDirectory }: SandboxSetting,
  ) {
    this.#snapshotter = snapshotter;
    this.#snapshot = snapshot;
    this.#base = materials.base;
    this.#binds = new Map(materials.binds.map((bind) => [bind.target, bind]));
    this.#hostStore = policy.kind === 'off' ? storeDirectory : null;
  }

  file(path: string): Promise<StaticFile | null> {
    return remembered(this.#files, path, () => this.#file(path));
  }

  loader(path: string): Promise<Loader | null> {
    return remembered(this.#loaders, path, async () => {
      const bytes = await this.#bytes(path);
      return bytes === null ? null : parseLoader(bytes);
    });
  }

  async cached(cache: string, library: string): Promise<readonly string[] | null> {
    const paths = await remembered(this.#caches, cache, async () => {
      const bytes = await this.#bytes(cache);
      return bytes === null ? null : parseLoaderCache(bytes);
    });
    return paths === null ? null : (paths.get(library) ?? []);
  }

  async isDirectory(path: string): Promise<boolean> {
    return (await this.#resolve(path))?.found.kind === 'directory';
  }

  /** The files below a directory, links left out; each with its whole path. Empty for what is no directory. */
  async *filesBelow(directory: string, signal: AbortSignal): AsyncGenerator<string> {
    for await (const { path, kind } of this.#below(directory, signal)) {
      if (kind === 'file') yield path;
    }
  }

  /** The same with links, which libraries have as further names. */
  async *namesBelow(directory: string, signal: AbortSignal): AsyncGenerator<string> {
    for await (const { path, kind } of this.#below(directory, signal)) {
      if (kind === 'file' || kind === 'link') yield path;
    }
  }

  async *#below(directory: string, signal: AbortSignal): AsyncGenerator<Listed> {
    for (const entry of await this.#list(directory)) {
      signal.throwIfAborted();
      if (entry.kind === 'directory') yield* this.#below(entry.path, signal);
      else yield entry;
    }
  }

  /** The path without links; null where it leads nowhere. */
  async realPath(path: string): Promise<string | null> {
    return (await this.#resolve(path))?.real ?? null;
  }

  async #file(path: string): Promise<StaticFile | null> {
    const resolved = await this.#resolve(path);
    if (resolved === null) return null;
    const { real, found } = resolved;
    if (found.kind === 'directory') return { kind: 'directory', real };
    if (found.kind === 'other' || found.size > LARGEST) return { kind: 'unreadable', real };
    // One file has many names: libz.so.1 and libz.so.1.3 are read once.
    if (real !== path) return this.file(real);
    const bytes = await readOrNull(() => this.#read(real, found.place, isElf));
    if (bytes === null) return { kind: 'unreadable', real };
    const elf = parseElf(bytes);
    return elf === null
      ? { kind: 'not-elf', real, interpreter: scriptInterpreter(bytes) }
      : { kind: 'elf', real, elf };
  }

  /** The whole of a file; null where there is none that can be read. */
  async #bytes(path: string): Promise<Buffer | null> {
    const resolved = await this.#resolve(path);
    if (resolved?.found.kind !== 'file' || resolved.found.size > LARGEST) return null;
    const { real, found } = resolved;
    return readOrNull(() => this.#read(real, found.place, () => true));
  }

  /** @param goesOn of the first piece, whether the rest is of use */
  async #read(real: string, place: Place, goesOn: (first: Buffer) => boolean): Promise<Buffer> {
    if (place.kind === 'host') return readFile(place.path);
    const file = await this.#snapshotter.readFile(this.#snapshot, real);
    const chunks: Buffer[] = [];
    for await (const chunk of file as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      if (chunks.length === 1 && !goesOn(chunk)) break;
    }
    return Buffer.concat(chunks);
  }

  async #resolve(
    path: string,
  ): Promise<{ readonly real: string; readonly found: Exclude<Found, { kind: 'link' }> } | null> {
    const pending = components(path).reverse();
    let at: { readonly path: string; readonly found: Exclude<Found, { kind: 'link' }> }[] = [];
    let links = 0;
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (name === '..') {
        at.pop();
        continue;
      }
      const before = at.at(-1);
      if (before !== undefined && before.found.kind !== 'directory') return null;
      const here = `${before?.path ?? ''}/${name}`;
      const found = await remembered(this.#found, here, () => this.#look(here));
      if (found === null) return null;
      if (found.kind === 'link') {
        links += 1;
        if (links > MOST_LINKS) return null;
        if (found.target.startsWith('/')) at = [];
        pending.push(...components(found.target).reverse());
      } else at.push({ path: here, found });
    }
    const end = at.at(-1);
    if (end !== undefined) return { real: end.path, found: end.found };
    return { real: '/', found: { kind: 'directory', place: { kind: 'snapshot' }, size: 0 } };
  }

  /** What is shown of the host hides the layers; the base is below all of them. */
  async #look(path: string): Promise<Found | null> {
    const bind = this.#bindOver(path);
    if (bind !== null) {
      return lookOnHost(join(bind.source, path.slice(bind.target.length)), path === bind.target);
    }
    const entry = await this.#snapshotter.lookup(this.#snapshot, path);
    if (entry !== null && entry.type !== 'directory') {
      if (entry.type === 'symlink') return { kind: 'link', target: entry.content };
      const kind = entry.type === 'file' ? 'file' : 'other';
      return { kind, place: { kind: 'snapshot' }, size: entry.size };
    }
    if (entry !== null) return { kind: 'directory', place: { kind: 'snapshot' }, size: 0 };
    const laid = await lookOnHost(join(this.#base, path), false);
    if (laid !== null || this.#hostStore === null) return laid;
    return path.startsWith(`${this.#hostStore}/`) ? lookOnHost(path, false) : null;
  }

  #bindOver(path: string): HostBind | null {
    for (let above = path; above !== '/'; above = dirname(above)) {
      const bind = this.#binds.get(above);
      if (bind !== undefined) return bind;
    }
    return null;
  }

  async #list(directory: string): Promise<readonly Listed[]> {
    const resolved = await this.#resolve(directory);
    if (resolved?.found.kind !== 'directory') return [];
    const {
      real,
      found: { place },
    } = resolved;
    if (place.kind === 'host') {
      const names = await readOrNull(() => readdir(place.path));
      const paths = (names ?? []).toSorted().map((name) => join(real, name));
      const looked = await Promise.all(
        paths.map(async (path) => ({
          path,
          found: await remembered(this.#found, path, () => this.#look(path)),
        })),
      );
      return looked.flatMap((one) =>
        one.found === null ? [] : [{ path: one.path, kind: one.found.kind }],
      );
    }
    const entries = await this.#snapshotter.listDirectory(this.#snapshot, real);
    return entries.map(({ path, entry: { type } }) => ({
      path,
      kind: type === 'symlink' ? 'link' : type === 'file' || type === 'directory' ? type : 'other',
    }));
  }
}

/** @param isMounted whether it is what a bind names: of that a link is followed */
async function lookOnHost(path: string, isMounted: boolean): Promise<Found | null> {
  return readOrNull(async () => {
    const stats = await (isMounted ? stat(path) : lstat(path));
    if (stats.isSymbolicLink()) return { kind: 'link' as const, target: await readlink(path) };
    const kind = stats.isDirectory() ? 'directory' : stats.isFile() ? 'file' : 'other';
    return { kind, place: { kind: 'host' as const, path }, size: stats.size };
  });
}

/** Null for what is not there or may not be read. */
async function readOrNull<Value>(read: () => Promise<Value>): Promise<Value | null> {
  try {
    return await read();
  } catch (error) {
    if (isSystemError(error) || error instanceof StrataError) return null;
    throw error;
  }
}

function remembered<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const there = known.get(key);
  if (there !== undefined) return there;
  const made = make();
  known.set(key, made);
  return made;
}

function isElf(first: Buffer): boolean {
  return first.subarray(0, 4).equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46]));
}

function components(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}
