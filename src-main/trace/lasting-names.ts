/**
 * Names as they are from one build to the next: a compiler's working files, the process ids and the build directory change each
 * time and say nothing, and the hash of a store path changes whenever an input was built again.
 */

/** What stands for a part that changes. */
const PASSING = '…';

/** Nix: the build directory as the host sees it, where there is no sandbox that shows it as /build. */
const BUILD_DIRECTORY =
  /\/(?:tmp\/nix-build-[^/\s]+\.drv-\d+|nix\/var\/nix\/builds\/[^/\s]+)(?=\/|$)/g;

/** gcc's `/tmp/ccXXXXXX.o` (libiberty/make-temp-file.c), mktemp's `tmp.XXXXXXXXXX`, and Python's `tmpxxxxxxxx`. */
const WORKING_FILE =
  /(?<=\/(?:tmp|build|var\/tmp)\/)(cc|tmp\.?)(?:(?<=cc)[A-Za-z0-9]{6}|(?<=tmp\.)[A-Za-z0-9]{6,10}|(?<=tmp)[a-z0-9_]{8})(?![A-Za-z0-9_])/g;

/** `/proc/4711`, and autoconf's `conf4711`. */
const PROCESS_ID = /(?<=\/proc\/|\bconf)\d+/g;

/** Nix's base 32 leaves out e, o, t and u (libutil/hash.cc: base32Chars). */
const STORE_HASH = /(^|\/)[0-9a-df-np-sv-z]{32}-/g;

/** A path, or any text with paths in it, without what changes from one run to the next. */
export function lastingName(text: string): string {
  if (!text.includes('/')) return text;
  return text
    .replace(BUILD_DIRECTORY, '/build')
    .replace(WORKING_FILE, `$1${PASSING}`)
    .replace(PROCESS_ID, PASSING);
}

/** The same without the hashes of store paths: names that are equal then are those of builds of one thing. */
export function nameOfAnyBuild(text: string): string {
  return lastingName(text).replace(STORE_HASH, `$1${PASSING}-`);
}
