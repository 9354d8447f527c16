/**
 * What processes have in common, held once: messages, tried files, lookups, and lists of them. What a trace takes in memory is
 * what is distinct in it, however long it is and however many processes it tells of.
 */
import type { LoadError, Lookup, SearchedDirectory, TriedFile, TryOutcome } from '../lookups.ts';
import { MessageTable } from './message-table.ts';
import { SharedList } from './shared-list.ts';

/** Lists whose ends are the same object are equal. */
type Searched = SharedList<readonly SearchedDirectory[]>;

export interface LookupParts {
  readonly library: string;
  readonly requestedBy: string | null;
  readonly kind: Lookup['kind'];
  readonly found: string | null;
  readonly searched: Searched;
  readonly tried: SharedList<TriedFile>;
}

export class LookupPool {
  readonly messages = new MessageTable();
  readonly noSearched: Searched = SharedList.empty();
  readonly noTried: SharedList<TriedFile> = SharedList.empty();
  readonly noLookups: SharedList<Lookup> = SharedList.empty();
  readonly noFiles: SharedList<string> = SharedList.empty();
  readonly noErrors: SharedList<LoadError> = SharedList.empty();
  readonly #files = new Map<string, Map<TryOutcome, TriedFile>>();
  readonly #direct = new Map<string, readonly SearchedDirectory[]>();
  readonly #owned = new Map<
    readonly SearchedDirectory[],
    Map<string, readonly SearchedDirectory[]>
  >();
  readonly #searched = new Map<Searched, readonly SearchedDirectory[]>();
  readonly #lookups = new Map<string, Lookup>();
  readonly #errors = new Map<string, LoadError>();
  readonly #numbers = new Map<object, number>();

  triedFile(path: string, outcome: TryOutcome): TriedFile {
    const outcomes = this.#files.get(path) ?? new Map<TryOutcome, TriedFile>();
    const known = outcomes.get(outcome);
    if (known !== undefined) return known;
    const file = { path, outcome };
    this.#files.set(path, outcomes.set(outcome, file));
    return file;
  }

  /** Where a file is looked for that was asked for by its path. */
  direct(path: string): readonly SearchedDirectory[] {
    const directory = path.slice(0, Math.max(path.lastIndexOf('/'), 1));
    let directories = this.#direct.get(directory);
    if (directories === undefined) {
      directories = [{ directory, origin: 'direct', from: null }];
      this.#direct.set(directory, directories);
    }
    return directories;
  }

  /**
   * The directories of a RUNPATH as those of the file that asks: ld.so keeps a directory once and names the first file that
   * brought it (fillin_rpath in elf/dl-load.c), but it searches no RUNPATH than that of the file that asks.
   */
  ownedBy(file: string, directories: readonly SearchedDirectory[]): readonly SearchedDirectory[] {
    if (directories.every(({ from }) => from === file)) return directories;
    const owners = this.#owned.get(directories) ?? new Map<string, readonly SearchedDirectory[]>();
    this.#owned.set(directories, owners);
    let owned = owners.get(file);
    if (owned === undefined) {
      owned = directories.map((one) => ({ ...one, from: file }));
      owners.set(file, owned);
    }
    return owned;
  }

  lookup(parts: LookupParts): Lookup {
    const { library, requestedBy, kind, found, searched, tried } = parts;
    const numbers = `${this.#number(searched)} ${this.#number(tried)} ${kind}`;
    const key = `${numbers}\0${library}\0${requestedBy ?? '\0'}\0${found ?? '\0'}`;
    let lookup = this.#lookups.get(key);
    if (lookup === undefined) {
      const directories = this.#directories(searched);
      lookup = { library, requestedBy, kind, found, searched: directories, tried: tried.values() };
      this.#lookups.set(key, lookup);
    }
    return lookup;
  }

  /** The same lookup as one of start-up: see ProcessImage on exec. */
  atStartup(lookup: Lookup): Lookup {
    if (lookup.kind === 'startup') return lookup;
    const searched = this.noSearched.append(lookup.searched);
    let tried = this.noTried;
    for (const file of lookup.tried) tried = tried.append(file);
    return this.lookup({ ...lookup, kind: 'startup', searched, tried });
  }

  error({ library, text, fatal }: LoadError): LoadError {
    const key = `${fatal ? 'fatal' : ''}\0${library ?? '\0'}\0${text}`;
    let error = this.#errors.get(key);
    if (error === undefined) this.#errors.set(key, (error = { library, text, fatal }));
    return error;
  }

  #directories(searched: Searched): readonly SearchedDirectory[] {
    let directories = this.#searched.get(searched);
    if (directories === undefined) {
      const parts = searched.values();
      directories = parts.length === 1 ? (parts[0] ?? []) : parts.flat();
      this.#searched.set(searched, directories);
    }
    return directories;
  }

  #number(object: object): number {
    let number = this.#numbers.get(object);
    if (number === undefined) this.#numbers.set(object, (number = this.#numbers.size));
    return number;
  }
}
