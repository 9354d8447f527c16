/**
 * One program in one process, from its first line until the process ends or calls exec: ld.so's messages become its lookups.
 *
 * Who asked is said by LD_DEBUG=files alone ("needed by"); it also says of every library that is taken that it is
 * ("generating link map"). Without it, a RUNPATH is taken to be that of the file that asks, and
 * an RPATH that of it or of the nearest file above it that has one; for the rest it is not known. That names the wrong file
 * where several have the same directories: fillin_rpath in dl-load.c keeps each directory once, with the first file that
 * brought it, and that is the one ld.so prints.
 */
import type { LoadError, Lookup, TracedProcess, TryOutcome } from '../lookups.ts';
import type { LookupPool } from './lookup-pool.ts';
import { beginsParagraph, type Message } from './message.ts';
import { Search, type Asked, type Ending, type Following } from './search.ts';
import type { SharedList } from './shared-list.ts';

/**
 * How far a program has come. Its own libraries are all looked for before the first initialiser is called: what is looked for
 * later was asked for by dlopen.
 */
type Stage = 'loading' | 'initialising' | 'initialised' | 'running';

/** A search whose end is not certain waits for so many others at most. */
const LONGEST_DOUBT = 64;

/** In a process that opens more than this, a path is taken to be looked for before. */
const LONGEST_LOOK_BACK = 4096;

/** A process that has looked for more than this repeats itself: what it did before, with the same end, is not told again. */
const MOST_REPEATED = 1000;

/** A process prints more errors than this only where it tries the same again and again. */
const MOST_ERRORS = 1000;

/** ld.so is initialised like a library, and nobody looks for it: ld-linux-x86-64.so.2, ld64.so.2, ld.so.1, ld-2.31.so. */
const INTERPRETER = /\/ld(?:-linux[^/]*|64|-[\d.]+)?\.so[^/]*$/;

type InSearch = Message & { kind: 'try' | 'search' | 'refusal' };
type OutsideSearch = Exclude<Message, InSearch | { kind: 'unfinished' | 'error' }>;

interface Mark {
  readonly lookups: SharedList<Lookup>;
  readonly initialisers: SharedList<string>;
}

interface Doubt {
  readonly search: Search;
  outcome: TryOutcome | 'doubtful';
}

export class ProcessImage {
  readonly pid: number;
  #program: string | null = null;
  readonly #pool: LookupPool;
  #stage: Stage = 'loading';
  #lookups: SharedList<Lookup>;
  #initialisers: SharedList<string>;
  /** All of the lookups, once they are many. */
  #known: Set<Lookup> | null = null;
  #errors: LoadError[] | null = null;
  /** How many of the errors nothing has followed yet. */
  #lastErrors = 0;
  #open: Search | null = null;
  /** Searches whose end is not certain, and those after the first of them. */
  #doubts: Doubt[] | null = null;
  #request: (Message & { kind: 'request' }) | null = null;
  #saysReasons = false;
  /** Whether dlmopen made other namespaces, in which the same libraries are initialised again. */
  #hasNamespaces = false;
  /** What its start-up brought: what is looked for or initialised again belongs to another program. */
  #startup: Mark | null = null;
  /** Where the latest lookups began, with the initialisers that followed them: they may be another program's start. */
  #block: Mark | null = null;
  #isBlockInitialised = false;

  constructor(pid: number, pool: LookupPool) {
    this.pid = pid;
    this.#pool = pool;
    this.#lookups = pool.noLookups;
    this.#initialisers = pool.noFiles;
  }

  /** An empty line of ld.so's. */
  emptyLine(): void {
    this.#open?.emptyLine();
  }

  /**
   * Takes a message. Gives the image it belongs to: this one, or a new one where it shows that the process has called exec;
   * then this one is finished.
   */
  take(message: Message): ProcessImage {
    const { kind } = message;
    if (kind === 'try' || kind === 'search' || kind === 'refusal') this.#inSearch(message);
    else if (kind === 'error') {
      this.#settle('message', message);
      // At start-up ld.so goes on to find more of the same, and then gives up.
      const fatal = message.says === 'fatal' || this.#stage === 'loading';
      this.#push({ ...message.error, fatal });
    } else if (kind !== 'unfinished') {
      this.#settle(beginsParagraph(message) ? 'paragraph' : 'message', message);
      this.#lastErrors = 0;
      return this.#outsideSearch(message);
    }
    return this;
  }

  /** Whether it is this process that missed a library. */
  hasMissed(library: string): boolean {
    if (this.#open !== null) return this.#open.library === library || this.#open.last === library;
    const doubt = this.#doubts?.at(-1);
    if (doubt?.search.library === library) return true;
    for (const lookup of this.#lookups.backwards()) return lookup.library === library;
    return false;
  }

  /** An error that was printed without the process's id. */
  printedError(error: LoadError, program: string | null): void {
    if (this.#program === null && this.#stage === 'loading') this.#program = program;
    const search = this.#open;
    if (typeof search?.last === 'string') {
      if (error.library === search.last && !search.hasEnded) this.#end(search, outcomeOf(error));
      else if (error.library === search.library) this.#end(search, 'unknown');
    }
    const known = this.#errors?.findIndex(
      ({ library, text }) => library === error.library && text === error.text,
    );
    if (known === undefined || known === -1) this.#push(error);
    else if (error.fatal && this.#errors !== null) this.#errors[known] = this.#pool.error(error);
  }

  /** Whether it is a fork that had nothing to do with ld.so, but that its end is told. */
  get isSilent(): boolean {
    const { size } = this.#lookups;
    return size === 0 && this.#open === null && this.#doubts === null && this.#isUntold();
  }

  #isUntold(): boolean {
    return this.#program === null && this.#errors === null && this.#initialisers.size === 0;
  }

  /** @param isCut whether the text ended within a line, so that more may have followed */
  finish(isCut: boolean): TracedProcess {
    this.#settle(isCut ? 'cut' : 'nothing', null);
    this.#endDoubts('unknown');
    const errors = this.#errors ?? [];
    const settled = errors.length - this.#lastErrors;
    let shared = this.#pool.noErrors;
    for (const [index, error] of errors.entries()) {
      // ld.so says "fatal" of what dlsym() does not find, too: the process lives on.
      const fatal = error.fatal && index >= settled;
      shared = shared.append(this.#pool.error({ ...error, fatal }));
    }
    return {
      pid: this.pid,
      program: this.#program,
      parent: null,
      phase: null,
      lookups: this.#lookups.values(),
      errors: shared.values(),
      initialisers: this.#initialisers.values(),
    };
  }

  #inSearch(message: InSearch): void {
    if (message.kind === 'refusal') this.#saysReasons = true;
    // After its end: of another search that is not told of, for a path.
    if (this.#open?.hasEnded === true) this.#settle('message', message);
    const search = this.#open;
    if (search === null) return;
    switch (message.kind) {
      case 'try':
        search.try(message.path);
        return;
      case 'refusal':
        search.refuse(message.outcome);
        return;
      case 'search':
        search.searchIn(message.origin, message.directories);
        if (message.from !== null) this.#asker(message.from, message.origin === 'RUNPATH');
    }
  }

  /** A search path tells who asks. */
  #asker(file: string, isItself: boolean): void {
    const search = this.#open;
    if (search?.requestedBy !== null) return;
    const isFirst = this.#stage === 'loading' && this.#lookups.size === 0 && this.#doubts === null;
    if (isFirst) this.#program ??= file;
    search.requestedBy = file;
    if (!isItself || this.#stage === 'loading') return;
    this.#confirm((last) => last === file);
    // It was opened by its path: the first to speak of it is the search for what it needs.
    this.#opened(file);
  }

  #outsideSearch(message: OutsideSearch): ProcessImage {
    switch (message.kind) {
      case 'request': {
        this.#mark();
        if (this.#stage === 'loading' && this.#lookups.size === 0 && this.#doubts === null) {
          this.#program ??= message.by;
        }
        this.#confirm((last) => last === message.by);
        this.#request = message;
        if (message.library.includes('/')) {
          this.#open = Search.direct(this.#pool, this.#asked(message.library));
        }
        return this;
      }
      case 'find': {
        if (message.isBaseNamespace && this.#wasFoundAtStartup(message.library)) {
          this.#mark();
          return this.#exec().take(message);
        }
        if (!message.isBaseNamespace) this.#hasNamespaces = true;
        this.#mark();
        this.#open = new Search(this.#pool, this.#asked(message.library));
        return this;
      }
      case 'link-map':
        this.#confirm((_, library) => library === message.library);
        return this;
      case 'opened':
        this.#confirm((last) => last === message.file);
        return this;
      case 'initialiser':
        return this.#initialiser(message);
      case 'initialise-program':
        if (this.#stage === 'initialised' || this.#stage === 'running') {
          return this.#exec().take(message);
        }
        return this.#started(message.program, 'initialised');
      case 'transfer':
        if (this.#stage === 'running') return this.#exec().take(message);
        return this.#started(message.program, 'running');
      case 'finaliser':
        this.#endDoubts('unknown');
        this.#block = null;
        return this;
      case 'paragraph':
        return this;
    }
  }

  #asked(library: string): Asked {
    const request = this.#request?.library === library ? this.#request : null;
    this.#request = null;
    const isDlopen = this.#stage !== 'loading' || request?.how === 'dlopen';
    const requestedBy = request?.by ?? null;
    return { library, kind: isDlopen ? 'dlopen' : 'startup', requestedBy };
  }

  #initialiser(message: Message & { kind: 'initialiser' }): ProcessImage {
    const { file } = message;
    const isAgain = this.#stage === 'running' && has(this.#startup?.initialisers, file);
    if (isAgain && !this.#hasNamespaces) {
      return this.#exec().take(message);
    }
    this.#confirm((last) => last === file);
    this.#opened(file);
    if (this.#stage === 'loading') {
      this.#endDoubts('found');
      this.#stage = 'initialising';
    }
    if (!has(this.#initialisers, file)) this.#initialisers = this.#initialisers.append(file);
    // What waits for its initialiser belongs to the block.
    this.#isBlockInitialised = this.#doubts === null;
    return this;
  }

  #started(program: string, stage: Stage): this {
    this.#endDoubts('found');
    this.#program = program;
    this.#stage = stage;
    this.#block = null;
    this.#startup ??= { lookups: this.#lookups, initialisers: this.#initialisers };
    return this;
  }

  /** A file that was opened by its path, which LD_DEBUG=libs says nothing of, and now speaks of. */
  #opened(file: string): void {
    if (!file.includes('/') || file === this.#program || INTERPRETER.test(file)) return;
    if (this.#doubts?.some(({ search }) => search.last === file) === true) return;
    let seen = 0;
    for (const { found } of this.#lookups.backwards()) {
      seen += 1;
      if (found === file || seen > LONGEST_LOOK_BACK) return;
    }
    const kind = this.#isStartingUp() ? 'startup' : 'dlopen';
    const asked = { library: file, kind, requestedBy: null } as const;
    this.#add(Search.direct(this.#pool, asked), 'found');
  }

  #isStartingUp(): boolean {
    return this.#stage === 'loading' || this.#stage === 'initialising';
  }

  /** A message that is not part of a search, or null for what is none, shows how the open one ended. */
  #settle(following: Following, message: Message | null): void {
    const search = this.#open;
    if (search === null) return;
    const ending = this.#ending(search, following, message);
    // A program whose own library is not found does not go on.
    const goesOn =
      this.#stage === 'loading' && (following === 'message' || following === 'paragraph');
    const isFound =
      ending === 'found' || (ending === 'doubtful' && goesOn && search.kind === 'startup');
    if (isFound) this.#end(search, 'found');
    else if (ending === 'broken-off') this.#end(search, 'refused');
    else this.#end(search, ending === 'doubtful' ? 'doubtful' : 'unknown');
  }

  #ending(search: Search, following: Following, message: Message | null): Ending {
    const ending = search.ending(following, this.#saysReasons);
    const isDoubtful = ending === 'doubtful' || (ending === 'found' && search.isFromCache);
    if (!isDoubtful || !search.isRequested || search.isDirect || following === 'cut') return ending;
    return message?.kind === 'link-map' && message.library === search.library ? 'found' : 'missed';
  }

  #end(search: Search, outcome: TryOutcome | 'doubtful'): void {
    this.#open = null;
    this.#add(search, outcome);
  }

  #add(search: Search, outcome: TryOutcome | 'doubtful'): void {
    if (this.#doubts === null && outcome !== 'doubtful') {
      this.#append(search.lookup(outcome));
      return;
    }
    this.#doubts ??= [];
    this.#doubts.push({ search, outcome });
    if (this.#doubts.length > LONGEST_DOUBT) this.#endDoubts('unknown');
  }

  /** What shows that a doubtful search found its last file. */
  #confirm(isIt: (last: string | null, library: string) => boolean): void {
    const doubt = this.#doubts?.find(
      ({ search, outcome }) => outcome === 'doubtful' && isIt(search.last, search.library),
    );
    if (doubt === undefined || this.#doubts === null) return;
    doubt.outcome = 'found';
    const doubtful = this.#doubts.findIndex(({ outcome }) => outcome === 'doubtful');
    const certain = this.#doubts.splice(0, doubtful === -1 ? this.#doubts.length : doubtful);
    if (this.#doubts.length === 0) this.#doubts = null;
    this.#appendAll(certain, 'unknown');
  }

  #endDoubts(outcome: TryOutcome): void {
    const doubts = this.#doubts;
    this.#doubts = null;
    if (doubts !== null) this.#appendAll(doubts, outcome);
  }

  #appendAll(doubts: readonly Doubt[], outcome: TryOutcome): void {
    for (const doubt of doubts) {
      const certain = doubt.outcome === 'doubtful' ? outcome : doubt.outcome;
      this.#append(doubt.search.lookup(certain));
    }
  }

  #append(lookup: Lookup): void {
    if (this.#lookups.size >= MOST_REPEATED) {
      this.#known ??= new Set(this.#lookups.backwards());
      if (this.#known.has(lookup)) return;
      this.#known.add(lookup);
    }
    this.#lookups = this.#lookups.append(lookup);
  }

  #mark(): void {
    if (this.#isBlockInitialised) this.#block = null;
    this.#isBlockInitialised = false;
    this.#block ??= { lookups: this.#lookups, initialisers: this.#initialisers };
  }

  /** A library stays what it is: it is looked for once, and those of start-up are never let go of. */
  #wasFoundAtStartup(library: string): boolean {
    if (this.#stage !== 'running' || this.#startup === null) return false;
    for (const lookup of this.#startup.lookups.backwards()) {
      if (lookup.library === library && lookup.found !== null) return true;
    }
    return false;
  }

  /** The image after exec: it takes the lookups that were thought to be this one's last. */
  #exec(): ProcessImage {
    this.#settle('message', null);
    // A start is gone through without misses; but one for a path may be the old program's, and then nothing confirmed it.
    for (const doubt of this.#doubts ?? []) {
      if (doubt.outcome === 'doubtful' && doubt.search.isDirect) doubt.outcome = 'unknown';
    }
    this.#endDoubts('found');
    const next = new ProcessImage(this.pid, this.#pool);
    const block = this.#block ?? { lookups: this.#lookups, initialisers: this.#initialisers };
    const latest = this.#lookups.beyond(block.lookups);
    const missed = latest.findLastIndex(({ found }) => found === null);
    let own = block.lookups;
    for (const lookup of latest.slice(0, missed + 1)) own = own.append(lookup);
    next.#startWith(latest.slice(missed + 1));
    for (const file of this.#initialisers.beyond(block.initialisers)) {
      next.#initialisers = next.#initialisers.append(file);
      next.#stage = 'initialising';
    }
    next.#saysReasons = this.#saysReasons;
    this.#lookups = own;
    this.#initialisers = block.initialisers;
    return next;
  }

  #startWith(lookups: readonly Lookup[]): void {
    const [first, second] = lookups;
    // Its search path was taken for that of a library opened by its path.
    const isProgram = first?.found === first?.library && second?.requestedBy === first?.library;
    const own = isProgram ? lookups.slice(1) : lookups;
    if (typeof own[0]?.searched[0]?.from === 'string') this.#program = own[0].requestedBy;
    for (const lookup of own) this.#append(this.#pool.atStartup(lookup));
  }

  #push(error: LoadError): void {
    const shared = this.#pool.error(error);
    this.#errors ??= [];
    if (this.#errors.length >= MOST_ERRORS || this.#errors.includes(shared)) return;
    this.#errors.push(shared);
    this.#lastErrors += 1;
  }
}

/** What an error about a file says of it (open_verify and elf_get_dynamic_info). */
function outcomeOf({ text }: LoadError): TryOutcome {
  if (/^(?:invalid ELF header|file too short)/.test(text)) return 'not-elf';
  if (text.startsWith('wrong ELF class')) return 'wrong-class';
  return 'refused';
}

function has(list: SharedList<string> | undefined, value: string): boolean {
  if (list === undefined) return false;
  for (const own of list.backwards()) if (own === value) return true;
  return false;
}
