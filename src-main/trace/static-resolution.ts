/**
 * What ld.so would find for a file, worked out from files alone: so an output can be checked without running it.
 *
 * The rules are glibc's (ld.so(8); elf/dl-load.c: `_dl_map_object`, `open_verify`; elf/dl-deps.c). What a program loads with
 * dlopen is not known, nor are subdirectories for processors (glibc-hwcaps) looked into: on most machines there are none.
 */
import type { ElfDynamic } from './elf.ts';
import type { Loader } from './loader.ts';
import type {
  LoadError,
  Lookup,
  Resolution,
  SearchedDirectory,
  TriedFile,
  TryOutcome,
} from './lookups.ts';
import { expanded, ownPart, searchPath, type LoadedFile } from './search-path.ts';
import type { StaticFile, StaticRoot } from './static-root.ts';

/** A file that was checked. */
export interface StaticResolution extends Resolution {
  readonly program: string;
  /** What kind of file it is: one that can be started, or one that others load. */
  readonly kind: 'program' | 'library';
  readonly elf: ElfDynamic;
  /** The directories of its own RPATH or RUNPATH as they are searched: with `$ORIGIN` replaced. */
  readonly ownPath: readonly SearchedDirectory[];
}

/** Libraries of one process are some hundred; a file that is made to ask for ever is not followed for ever. */
const MOST_LIBRARIES = 4096;

/** Where no loader is known. */
const NO_LOADER: Loader = { systemDirectories: [], cache: null };

export interface StaticSurroundings {
  readonly root: StaticRoot;
  /** What LD_LIBRARY_PATH would be. */
  readonly libraryPath: readonly string[];
  /** The loader of files that name none, or one that is not there: that of the programs beside them, or the usual one. */
  readonly defaultLoader: string | null;
}

/** The lookups for a file at an absolute path; null for what asks for nothing: no ELF file, or one without a dynamic section. */
export async function resolveStatically(
  path: string,
  phase: string | null,
  surroundings: StaticSurroundings,
): Promise<StaticResolution | null> {
  const { root, defaultLoader } = surroundings;
  const file = await root.file(path);
  if (file?.kind !== 'elf' || !isDynamic(file.elf)) return null;
  const { elf, real } = file;
  const own = elf.interpreter === null ? null : await root.loader(elf.interpreter);
  // One whose own is not there is looked at as if it had that of its neighbours: what else it lacks is told too.
  const others = own === null && defaultLoader !== null ? await root.loader(defaultLoader) : null;
  const loader = own ?? others ?? NO_LOADER;
  const isProgram = elf.type !== 'shared object';
  const program: LoadedFile = {
    path,
    origin: directoryOf(isProgram ? real : path),
    elf,
    loadedBy: null,
  };
  const resolving = new Resolving(surroundings, loader, program, real);
  const { lookups, errors } = await resolving.run();
  const noLoader: LoadError = {
    library: elf.interpreter,
    text: 'the loader that the program names does not exist: it cannot be started',
    fatal: true,
  };
  return {
    program: path,
    phase,
    kind: isProgram ? 'program' : 'library',
    elf,
    ownPath: ownPart(elf.runpath.length > 0 ? 'RUNPATH' : 'RPATH', program, loader),
    lookups,
    errors: own === null && elf.interpreter !== null ? [noLoader, ...errors] : errors,
  };
}

/** Whether the loader has to do with it: object files and static programs ask for nothing. */
export function isDynamic({
  type,
  interpreter,
  needed,
  soname,
  rpath,
  runpath,
}: ElfDynamic): boolean {
  if (type === 'relocatable' || type === 'core') return false;
  const said = [interpreter, soname, ...needed, ...rpath, ...runpath];
  return said.some((one) => one !== null);
}

/** What became of a file that was tried by a program of some class and machine; `found` where it would be taken. */
export function outcomeOf(
  file: StaticFile | null,
  wanted: Pick<ElfDynamic, 'class' | 'machine'>,
): TryOutcome {
  switch (file?.kind) {
    case undefined:
      return 'missing';
    case 'directory':
    case 'unreadable':
      return 'refused';
    case 'not-elf':
      return 'not-elf';
    case 'elf':
      if (file.elf.class !== wanted.class) return 'wrong-class';
      return file.elf.machine === wanted.machine ? 'found' : 'wrong-machine';
  }
}

interface Place {
  readonly place: SearchedDirectory;
  readonly paths: readonly string[];
}

interface Searched {
  readonly found: string | null;
  readonly searched: readonly SearchedDirectory[];
  readonly tried: readonly TriedFile[];
}

/** The queue of one program: breadth first, in the order of DT_NEEDED. */
class Resolving {
  readonly #root: StaticRoot;
  readonly #libraryPath: readonly string[];
  readonly #loader: Loader;
  readonly #program: LoadedFile;
  readonly #queue: LoadedFile[];
  /** What a later one that asks for it gets without a search: names asked for, sonames. */
  readonly #names = new Set<string>();
  /** Real paths: one file is loaded once, by whatever name. */
  readonly #real: Set<string>;
  readonly #lookups: Lookup[] = [];
  readonly #errors: LoadError[] = [];

  constructor(
    { root, libraryPath, defaultLoader }: StaticSurroundings,
    loader: Loader,
    program: LoadedFile,
    real: string,
  ) {
    this.#root = root;
    this.#libraryPath = libraryPath;
    this.#loader = loader;
    this.#program = program;
    this.#queue = [program];
    this.#real = new Set([real]);
    if (program.elf.soname !== null) this.#names.add(program.elf.soname);
    // The loader is loaded before all, under its name: libc.so.6 asks for it.
    const named = program.elf.interpreter ?? defaultLoader;
    if (named !== null) this.#names.add(named.slice(named.lastIndexOf('/') + 1));
  }

  async run(): Promise<Pick<Resolution, 'lookups' | 'errors'>> {
    for (const asker of this.#queue) {
      for (const needed of asker.elf.needed) {
        if (this.#lookups.length >= MOST_LIBRARIES) break;
        const library = expanded(needed, asker, this.#loader);
        if (!this.#names.has(library)) await this.#load(library, asker);
      }
    }
    return { lookups: this.#lookups, errors: this.#errors };
  }

  async #load(library: string, asker: LoadedFile): Promise<void> {
    const search = library.includes('/')
      ? await this.#direct(library)
      : await this.#search(library, asker);
    this.#lookups.push({ library, requestedBy: asker.path, kind: 'startup', ...search });
    // Who asks for it again is told the same: a program that lacks it does not start.
    this.#names.add(library);
    if (search.found === null) return;
    const file = await this.#root.file(search.found);
    if (file?.kind !== 'elf') return;
    const { elf, real } = file;
    if (elf.soname !== null) this.#names.add(elf.soname);
    if (this.#real.has(real)) return;
    this.#real.add(real);
    const { found: path } = search;
    this.#queue.push({ path, origin: directoryOf(path), elf, loadedBy: asker });
  }

  async #direct(path: string): Promise<Searched> {
    const tried = await this.#try(path);
    const directory: SearchedDirectory = {
      directory: directoryOf(path),
      origin: 'direct',
      from: null,
    };
    const found = tried?.outcome === 'found' ? path : null;
    return { found, searched: [directory], tried: tried === null ? [] : [tried] };
  }

  async #search(library: string, asker: LoadedFile): Promise<Searched> {
    const searched: SearchedDirectory[] = [];
    const tried: TriedFile[] = [];
    for (const part of searchPath(asker, this.#libraryPath, this.#loader)) {
      const places = await this.#placesOf(part, library);
      searched.push(...places.map(({ place }) => place));
      for (const path of places.flatMap(({ paths }) => paths)) {
        const one = await this.#try(path);
        if (one === null) continue;
        tried.push(one);
        if (one.outcome === 'found') return { found: path, searched, tried };
        if (!endsSearch(one.outcome)) continue;
        this.#errors.push({ library: path, text: BROKEN, fatal: true });
        return { found: null, searched, tried };
      }
    }
    return { found: null, searched, tried };
  }

  /** With the files that are tried in each; a cache that is not there is no place. */
  async #placesOf(part: readonly SearchedDirectory[], library: string): Promise<readonly Place[]> {
    const places: Place[] = [];
    for (const place of part) {
      const { directory, origin } = place;
      const paths =
        origin === 'cache'
          ? await this.#root.cached(directory, library)
          : [`${directory === '/' ? '' : directory}/${library}`];
      if (paths !== null) places.push({ place, paths });
    }
    return places;
  }

  /** Null for a path that depends on where the program is started. */
  async #try(path: string): Promise<TriedFile | null> {
    if (!path.startsWith('/')) return null;
    return { path, outcome: outcomeOf(await this.#root.file(path), this.#program.elf) };
  }
}

/** ld.so goes on after a file of another class or machine, and gives up at one that it cannot read (`open_verify`). */
function endsSearch(outcome: TryOutcome): boolean {
  return outcome === 'not-elf' || outcome === 'refused';
}

const BROKEN = 'it is there and cannot be loaded, which ends the search';

function directoryOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 1));
}
