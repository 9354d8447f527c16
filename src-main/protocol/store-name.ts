/**
 * Names in the Nix store as one reads them: the hash says nothing to a person, so that of it only the beginning is shown, as much
 * as tells two of them apart. What is copied, searched and read aloud stays whole.
 */

/** Nix's own base 32 leaves out e, o, t and u (libutil/hash.cc: base32Chars), and a hash of a store path has 32 digits. */
const HASH = /(^|\/)([0-9a-df-np-sv-z]{7})[0-9a-df-np-sv-z]{25}(?=-)/g;

/** `wjc7q69…-primes-1.0` for `wjc7q69wcxr5pg659pq8j7nzm517g57j-primes-1.0`, in each part of a path. */
export function shortStoreNames(path: string): string {
  return path.replace(HASH, '$1$2…');
}

/** `hello-2.12` of `/nix/store/HASH-hello-2.12.drv`. */
export function derivationName(path: string): string {
  return path.replace(/^.*\/[a-z0-9]{32}-/, '').replace(/\.drv$/, '');
}
