/**
 * What a program prints beside ld.so, where both go to standard error: most of it is nobody's business here, but an error of
 * ld.so's that ends the program is printed like this too, without a process id (_dl_fatal_printf, _dl_error_printf).
 */
import type { LoadError } from '../lookups.ts';

export interface PrintedError {
  /** The program's name, where the line begins with it. */
  readonly program: string | null;
  readonly error: LoadError;
}

/** fatal_error in dl-catch.c: "%s: %s: %s%s%s%s%s", of the program, the occasion, the object and what is wrong with it. */
const FATAL =
  /^(.*?): (?:error while loading shared libraries|symbol lookup error|relocation error): (?:(.*?): )?(.*)$/s;

/** print_missing_version in rtld.c; the program ends after the last of them. */
const MISSING_VERSION =
  /^(.*?): (.*?): ((?:version `.*' not found|no version information available).*)$/s;

/** do_preload in rtld.c. */
const NOT_PRELOADED =
  /^ERROR: ld\.so: object '(.*)' from .* cannot be preloaded \((.*)\): ignored\.$/s;

/** What dlerror() says, printed by the program in words around it, as all do: `ImportError: libx.so: cannot open shared …`. */
const SAID_BY_DLERROR =
  /(?:^|[\s'"(:])([^\s'"(:]*\.so[^\s'"(:]*): ((?:cannot open shared object file|invalid ELF header|file too short|wrong ELF class|undefined symbol|failed to map segment|version `|ELF (?:file|load)|cannot (?:read|create|allocate|enable|apply|change|map|stat)).*)$/s;

/** The error that a line of the program's output tells of; null where it tells of none. */
export function printedError(line: string): PrintedError | null {
  // Nearly all lines are none of these, and the expressions are slow on long ones.
  if (line.length > 4096 || !line.includes(': ')) return null;
  if (!line.includes('.so') && !line.includes('error') && !line.includes('version')) return null;
  const fatal = FATAL.exec(line);
  if (fatal !== null) return printed(fatal[1], fatal[2], fatal[3], true);
  const version = MISSING_VERSION.exec(line);
  if (version !== null) {
    return printed(version[1], version[2], version[3], version[3]?.startsWith('version') ?? false);
  }
  const preload = NOT_PRELOADED.exec(line);
  if (preload !== null) return printed(undefined, preload[1], preload[2], false);
  const said = SAID_BY_DLERROR.exec(line);
  return said === null ? null : printed(undefined, said[1], said[2], false);
}

function printed(
  program: string | undefined,
  library: string | undefined,
  text: string | undefined,
  fatal: boolean,
): PrintedError {
  return {
    program: program ?? null,
    error: { library: library ?? null, text: text ?? '', fatal },
  };
}
