/**
 * One search for a library, from `find library=` to what shows how it ended.
 *
 * Until 2.42 ld.so says neither that a file was taken nor why one was not. What follows shows it (_dl_map_new_object and
 * open_path in elf/dl-load.c):
 *
 * - A file tried before another one was not taken.
 * - A search that ends, found or not, is followed by an empty line. So a last tried file is the one that was found, unless
 *   nothing was left to be tried: then it is the last directory of the system's.
 * - A search that does not end was broken off by an error about the last file (open_verify): it is there, and is refused.
 *   As most messages outside of a search begin with an empty line, that is the one that does not count.
 */
import { fileInDirectory } from '../file-in-directory.ts';
import type { Lookup, SearchOrigin, SearchedDirectory, TryOutcome } from '../lookups.ts';
import type { LookupPool } from './lookup-pool.ts';

/** What followed the search in its process: a message, one that begins with an empty line, or nothing. */
export type Following = 'message' | 'paragraph' | 'nothing' | 'cut';

/** How a search ended; `doubtful` where it may have found the last file or nothing. */
export type Ending = 'found' | 'missed' | 'broken-off' | 'doubtful';

export interface Asked {
  /** A soname, or a path. */
  readonly library: string;
  readonly kind: Lookup['kind'];
  readonly requestedBy: string | null;
}

export class Search {
  readonly library: string;
  readonly kind: Lookup['kind'];
  requestedBy: string | null;
  /** Whether LD_DEBUG=files said who asks: then it says of a file that is taken that it is, and at once. */
  readonly isRequested: boolean;
  readonly #pool: LookupPool;
  #searched;
  #tried;
  /** The last file, as long as it is not known to be refused. */
  #last: string | null = null;
  #origin: SearchOrigin = 'direct';
  #lastDirectory: string | null = null;
  #emptyLines = 0;

  constructor(pool: LookupPool, asked: Asked) {
    this.#pool = pool;
    this.library = asked.library;
    this.kind = asked.kind;
    this.requestedBy = asked.requestedBy;
    this.isRequested = asked.requestedBy !== null;
    this.#searched = pool.noSearched;
    this.#tried = pool.noTried;
  }

  /** One for a path: ld.so opens it without a word (`else` of `strchr (name, '/') == NULL`). */
  static direct(pool: LookupPool, asked: Asked): Search {
    const search = new Search(pool, asked);
    search.searchIn('direct', pool.direct(asked.library));
    search.try(asked.library);
    return search;
  }

  /** The file that was tried last, and may have been taken. */
  get last(): string | null {
    return this.#last;
  }

  get isDirect(): boolean {
    return this.#origin === 'direct' && this.#last === this.library;
  }

  /**
   * Whether the cache named the last file. The cache is believed without a look: ld.so says that it tries the file, and then
   * leaves a system directory alone for what was linked with -z nodefaultlib.
   */
  get isFromCache(): boolean {
    return this.#origin === 'cache';
  }

  /** Whether an empty line has come, which as a rule is its end. */
  get hasEnded(): boolean {
    return this.#emptyLines > 0;
  }

  emptyLine(): void {
    this.#emptyLines += 1;
  }

  searchIn(origin: SearchOrigin, directories: readonly SearchedDirectory[]): void {
    this.refuse('unknown');
    this.#origin = origin;
    this.#lastDirectory = directories.at(-1)?.directory ?? null;
    const owner = origin === 'RUNPATH' ? this.requestedBy : null;
    this.#searched = this.#searched.append(
      owner === null ? directories : this.#pool.ownedBy(owner, directories),
    );
  }

  try(path: string): void {
    this.refuse('unknown');
    this.#last = path;
  }

  /** The last tried file was not taken. */
  refuse(outcome: TryOutcome): void {
    if (this.#last === null) return;
    this.#tried = this.#tried.append(this.#pool.triedFile(this.#last, outcome));
    this.#last = null;
  }

  /** @param saysReasons whether this ld.so says why it takes a file not: then what it says nothing of is taken */
  ending(following: Following, saysReasons: boolean): Ending {
    if (this.#last === null) return 'missed';
    // glibc 2.26 to 2.43 say nothing of a path that is there, until it is mapped.
    if (this.isDirect) return 'doubtful';
    const emptyLines = this.#emptyLines - (following === 'paragraph' ? 1 : 0);
    if (emptyLines <= 0) return following === 'cut' ? 'doubtful' : 'broken-off';
    const nothingIsLeft = this.#origin === 'system' && this.#isInLastDirectory(this.#last);
    return nothingIsLeft && !saysReasons ? 'doubtful' : 'found';
  }

  /** @param outcome what became of the file that was tried last */
  lookup(outcome: TryOutcome): Lookup {
    const found = outcome === 'found' ? this.#last : null;
    this.refuse(outcome);
    const { library, requestedBy, kind } = this;
    const searched = this.#searched;
    return this.#pool.lookup({ library, requestedBy, kind, found, searched, tried: this.#tried });
  }

  #isInLastDirectory(path: string): boolean {
    const directory = this.#lastDirectory;
    return directory !== null && path === fileInDirectory(directory, this.library);
  }
}
