/** A root directory that is made up: ELF files by path, in a few words each. */
import type { ElfDynamic } from '../../../src-main/trace/elf.ts';
import type { Loader } from '../../../src-main/trace/loader.ts';
import type { StaticFile, StaticRoot } from '../../../src-main/trace/static-root.ts';

export const LOADER = '/lib64/ld.so';

/** A program of x86-64 that needs nothing, but for what is said. */
export function program(parts: Partial<ElfDynamic> = {}): ElfDynamic {
  return {
    class: 'ELF64',
    machine: 'x86-64',
    type: 'position-independent executable',
    interpreter: LOADER,
    needed: [],
    rpath: [],
    runpath: [],
    soname: null,
    ...parts,
  };
}

export function library(parts: Partial<ElfDynamic> = {}): ElfDynamic {
  return program({ type: 'shared object', interpreter: null, soname: 'lib', ...parts });
}

/** `text` is a file that is no ELF file, `#!PATH` a script, `-> PATH` a link. */
export type MadeUpFile = ElfDynamic | 'text' | `#!${string}` | `-> ${string}`;

/** A directory is there where a file is in it. */
export class MadeUpRoot implements StaticRoot {
  readonly #files: ReadonlyMap<string, MadeUpFile>;
  readonly #systemDirectories: readonly string[];
  readonly #cache: Readonly<Record<string, readonly string[]>> | null;
  /** What was asked for, each time it was. */
  readonly asked: string[] = [];

  constructor(
    files: Readonly<Record<string, MadeUpFile>>,
    {
      system = ['/lib'],
      cache = null,
    }: {
      readonly system?: readonly string[];
      readonly cache?: Readonly<Record<string, readonly string[]>> | null;
    } = {},
  ) {
    this.#files = new Map(Object.entries({ [LOADER]: library(), ...files }));
    this.#systemDirectories = system;
    this.#cache = cache;
  }

  async file(asked: string): Promise<StaticFile | null> {
    this.asked.push(asked);
    const real = new URL(`file://${asked}`).pathname;
    const file = this.#files.get(real);
    if (file === undefined) return Promise.resolve(this.#directory(real));
    if (file === 'text') return { kind: 'not-elf', real, interpreter: null };
    if (typeof file === 'string' && file.startsWith('#!'))
      return { kind: 'not-elf', real, interpreter: file.slice(2) };
    if (typeof file === 'string') return this.file(file.slice('-> '.length));
    return { kind: 'elf', real, elf: file };
  }

  async loader(path: string): Promise<Loader | null> {
    if (!this.#files.has(path)) return Promise.resolve(null);
    const cache = this.#cache === null ? null : '/etc/ld.so.cache';
    return { systemDirectories: this.#systemDirectories, cache };
  }

  async cached(_: string, name: string): Promise<readonly string[] | null> {
    return Promise.resolve(this.#cache === null ? null : (this.#cache[name] ?? []));
  }

  async isDirectory(path: string): Promise<boolean> {
    return Promise.resolve(this.#directory(path) !== null);
  }

  #directory(path: string): StaticFile | null {
    const isThere = [...this.#files.keys()].some((file) => file.startsWith(`${path}/`));
    return isThere ? { kind: 'directory', real: path } : null;
  }
}
