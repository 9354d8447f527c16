/**
 * What ld.so says with LD_DEBUG, one line without its process id, in glibc 2.26 to 2.43: the formats are those of
 * _dl_debug_printf in elf/dl-load.c, dl-cache.c, dl-init.c, dl-call_fini.c (dl-fini.c before 2.37), dl-open.c, dl-close.c,
 * dl-catch.c (dl-error-skeleton.c before 2.37) and csu/libc-start.c.
 */
import type { LoadError, SearchOrigin, SearchedDirectory, TryOutcome } from '../lookups.ts';

export type Message =
  | { readonly kind: 'find'; readonly library: string; readonly isBaseNamespace: boolean }
  | {
      readonly kind: 'search';
      readonly origin: SearchOrigin;
      readonly from: string | null;
      readonly directories: readonly SearchedDirectory[];
    }
  | { readonly kind: 'try'; readonly path: string }
  | { readonly kind: 'refusal'; readonly outcome: TryOutcome }
  | {
      readonly kind: 'request';
      readonly library: string;
      readonly by: string;
      readonly how: 'startup-or-dependency' | 'dlopen';
    }
  | { readonly kind: 'link-map'; readonly library: string }
  | { readonly kind: 'opened'; readonly file: string }
  | { readonly kind: 'initialiser'; readonly file: string }
  | { readonly kind: 'finaliser' }
  | { readonly kind: 'initialise-program'; readonly program: string }
  | { readonly kind: 'transfer'; readonly program: string }
  | { readonly kind: 'error'; readonly error: LoadError; readonly says: 'fatal' | 'continued' }
  /** Of no interest here, and begun with an empty line. */
  | { readonly kind: 'paragraph' }
  /** A search path that another process's line broke: ld.so writes it in as many pieces as it has directories. */
  | { readonly kind: 'unfinished' };

/** `of-no-interest` is what ld.so is known to say and does not matter here; null is what is not understood. */
export type Parsed = Message | 'of-no-interest' | null;

/**
 * Messages whose format begins with a line feed: the empty line before them is theirs, and does not end a search
 * (see search.ts).
 */
export function beginsParagraph({ kind }: Message): boolean {
  return PARAGRAPH_KINDS.has(kind);
}

const PARAGRAPH_KINDS: ReadonlySet<Message['kind']> = new Set([
  'request',
  'initialiser',
  'finaliser',
  'initialise-program',
  'transfer',
  'paragraph',
] as const);

const CACHE = ' search cache=';
const SEARCH_PATH = ' search path=';
const TRY = '  trying file=';
const INITIALISER = 'calling init: ';
const INITIALISE_PROGRAM = 'initialize program: ';
const TRANSFER = 'transferring control: ';

/** open_verify in dl-load.c since 2.43; what it says of an architecture's own headers is a refusal like any other. */
const REFUSALS: ReadonlyMap<string, TryOutcome> = new Map([
  ['(no such file)', 'missing'],
  ['(incompatible ELF class)', 'wrong-class'],
  ['(incompatible ELF machine)', 'wrong-machine'],
]);

/** `what` of a search path; the program `ld.so --library-path` names its option. */
const ORIGINS: ReadonlyMap<string, SearchOrigin> = new Map([
  ['RPATH', 'RPATH'],
  ['RUNPATH', 'RUNPATH'],
  ['LD_LIBRARY_PATH', 'LD_LIBRARY_PATH'],
  ['--library-path', 'LD_LIBRARY_PATH'],
  ['system search path', 'system'],
]);

const PARAGRAPHS =
  /^(?:relocation processing: |closing file=|runtime linker statistics:|Initial object scopes|add .* to global scope|prelink checking: |WARNING: Unsupported flag|calling preinit: |file=.*; {2}destroying link map)/;

const OF_NO_INTEREST =
  /^(?: scope \d+:| no scope|object=|symbol=|binding file |checking for version |TCB (?:allocated|deallocating)|marking |activating NODELETE |audit changed filename |load auxiliary object=|cannot load auxiliary |file=.*; audit interface |ERROR: audit interface |final number of |conflict processing|Weak (?:dynamic )?symbol| {2}(?:total startup time|dynamic: | +))/;

export function parseMessage(text: string): Parsed {
  if (text.startsWith(TRY)) return { kind: 'try', path: text.slice(TRY.length) };
  if (text.startsWith(SEARCH_PATH)) return searchPath(text);
  if (text.startsWith(CACHE)) return cache(text.slice(CACHE.length));
  if (text.startsWith('    (') && text.endsWith(')')) {
    return { kind: 'refusal', outcome: REFUSALS.get(text.slice(4)) ?? 'refused' };
  }
  if (text.startsWith('  refusing to load file=')) return { kind: 'refusal', outcome: 'refused' };
  if (text.startsWith(INITIALISER)) {
    return { kind: 'initialiser', file: text.slice(INITIALISER.length) };
  }
  if (text.startsWith('calling fini: ')) return { kind: 'finaliser' };
  if (text.startsWith(INITIALISE_PROGRAM)) {
    return { kind: 'initialise-program', program: text.slice(INITIALISE_PROGRAM.length) };
  }
  if (text.startsWith(TRANSFER)) return { kind: 'transfer', program: text.slice(TRANSFER.length) };
  const find = /^find library=(.*) \[(\d+)\]; searching$/s.exec(text);
  if (find !== null) {
    return { kind: 'find', library: find[1] ?? '', isBaseNamespace: find[2] === '0' };
  }
  return fileMessage(text) ?? errorMessage(text) ?? leftOver(text);
}

function leftOver(text: string): Parsed {
  if (PARAGRAPHS.test(text)) return { kind: 'paragraph' };
  return OF_NO_INTEREST.test(text) ? 'of-no-interest' : null;
}

function fileMessage(text: string): Message | null {
  const opened = /^opening file=(.*) \[\d+\]; direct_opencount=\d+$/s.exec(text);
  if (opened !== null) return { kind: 'opened', file: opened[1] ?? '' };
  const file = /^file=(.*) \[\d+\]; {2}(.*)$/s.exec(text);
  if (file === null) return null;
  const [, library = '', said = ''] = file;
  if (said === 'generating link map') return { kind: 'link-map', library };
  // "needed by … (relocation dependency)" is about files that are loaded.
  if (said.endsWith(' (relocation dependency)')) return { kind: 'paragraph' };
  const request = /^(needed|dynamically loaded) by (.*) \[\d+\]$/s.exec(said);
  if (request === null) return null;
  const how = request[1] === 'needed' ? 'startup-or-dependency' : 'dlopen';
  return { kind: 'request', library, by: request[2] ?? '', how };
}

/** _dl_signal_cerror: "%s: error: %s: %s (%s)", of the object, the occasion, the text, and what ld.so believes comes of it. */
function errorMessage(text: string): Message | null {
  const error = /^(.*?): error: (.*) \((fatal|continued)\)$/s.exec(text);
  if (error === null) return null;
  const [, object = '', said = '', says] = error;
  return {
    kind: 'error',
    error: {
      library: object === '' ? null : object,
      text: said.replace(/^(?:symbol lookup|version lookup|relocation) error: |^: /, ''),
      fatal: false,
    },
    says: says === 'fatal' ? 'fatal' : 'continued',
  };
}

function cache(file: string): Message {
  const directory: SearchedDirectory = { directory: file, origin: 'cache', from: null };
  return { kind: 'search', origin: 'cache', from: null, directories: [directory] };
}

function searchPath(text: string): Parsed {
  const end = text.lastIndexOf('\t\t(');
  if (end === -1 || !text.endsWith(')')) return { kind: 'unfinished' };
  const said = text.slice(end + 3, -1);
  const owned = /^(RPATH|RUNPATH) from file (.*)$/s.exec(said);
  const origin = ORIGINS.get(owned?.[1] ?? said);
  if (origin === undefined) return null;
  const from = owned?.[2] ?? null;
  const path = text.slice(SEARCH_PATH.length, end);
  const directories =
    path === '' ? [] : path.split(':').map((directory) => ({ directory, origin, from }));
  return { kind: 'search', origin, from, directories };
}
