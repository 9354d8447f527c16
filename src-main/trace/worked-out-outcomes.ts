/**
 * Why files were not taken, where the trace does not say it, as that of glibc until 2.42: worked out from the files as they are
 * after the phase. Lists that processes share stay shared.
 */
import type { ElfDynamic } from './elf.ts';
import type { Lookup, TracedProcess, TriedFile, TryOutcome } from './lookups.ts';
import { outcomeOf } from './static-resolution.ts';
import type { StaticRoot } from './static-root.ts';

type Wanted = Pick<ElfDynamic, 'class' | 'machine'>;

/** Whether a list leaves something to be worked out. */
export function hasUnknown(lookups: readonly Lookup[]): boolean {
  return lookups.some(({ tried }) => tried.some(({ outcome }) => outcome === 'unknown'));
}

/** For the processes of one phase. */
export class WorkedOutOutcomes {
  readonly #root: StaticRoot;
  /** By class and machine, as a file can be of use to one process and not to another. */
  readonly #kinds = new Map<string, Kind>();

  constructor(root: StaticRoot) {
    this.#root = root;
  }

  async of(process: TracedProcess): Promise<TracedProcess> {
    const wanted = await this.#wantedBy(process);
    if (wanted === null) return process;
    const name = `${wanted.class} ${wanted.machine}`;
    const kind = this.#kinds.get(name) ?? new Kind(this.#root, wanted);
    this.#kinds.set(name, kind);
    return { ...process, lookups: await kind.list(process.lookups) };
  }

  /** What the process itself is: its program says so, or else what it loaded. */
  async #wantedBy({ program, lookups }: TracedProcess): Promise<Wanted | null> {
    for (const path of [program, ...lookups.map(({ found }) => found)]) {
      if (path?.startsWith('/') !== true) continue;
      const file = await this.#root.file(path);
      if (file?.kind === 'elf') return file.elf;
    }
    return null;
  }
}

class Kind {
  readonly #root: StaticRoot;
  readonly #wanted: Wanted;
  readonly #lists = new Map<readonly Lookup[], readonly Lookup[]>();
  readonly #lookups = new Map<Lookup, Lookup>();
  readonly #files = new Map<string, TriedFile>();

  constructor(root: StaticRoot, wanted: Wanted) {
    this.#root = root;
    this.#wanted = wanted;
  }

  async list(lookups: readonly Lookup[]): Promise<readonly Lookup[]> {
    const known = this.#lists.get(lookups);
    if (known !== undefined) return known;
    const list: Lookup[] = [];
    for (const lookup of lookups) list.push(await this.#lookup(lookup));
    const result = list.some((lookup, at) => lookup !== lookups[at]) ? list : lookups;
    this.#lists.set(lookups, result);
    return result;
  }

  async #lookup(lookup: Lookup): Promise<Lookup> {
    const known = this.#lookups.get(lookup);
    if (known !== undefined) return known;
    const tried: TriedFile[] = [];
    for (const one of lookup.tried) {
      tried.push(one.outcome === 'unknown' ? await this.#file(one) : one);
    }
    const result = tried.some((one, at) => one !== lookup.tried[at])
      ? { ...lookup, tried }
      : lookup;
    this.#lookups.set(lookup, result);
    return result;
  }

  async #file(one: TriedFile): Promise<TriedFile> {
    const known = this.#files.get(one.path);
    if (known !== undefined) return known;
    const outcome = await this.#outcome(one.path);
    const result = outcome === null ? one : { path: one.path, outcome };
    this.#files.set(one.path, result);
    return result;
  }

  /** Null where the files do not say it: one that would be taken now came later; a relative path began anywhere. */
  async #outcome(path: string): Promise<TryOutcome | null> {
    if (!path.startsWith('/')) return null;
    const outcome = outcomeOf(await this.#root.file(path), this.#wanted);
    return outcome === 'found' ? null : outcome;
  }
}
