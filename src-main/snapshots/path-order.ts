/**
 * The order of paths: by their bytes, as `sort` in the C locale and every tool that compares trees has it. JavaScript's own
 * order of strings is that order too, except where surrogates (characters beyond U+FFFF, bytes that are no UTF-8) meet
 * other characters, so the slow way is taken for such paths only.
 */
import { encodePath } from '../host/byte-path.ts';

const OUT_OF_ORDER = /[\ud800-\uffff]/;

/** Negative, zero or positive, as the bytes of `a` sort before, with or after those of `b`. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0;
  if (OUT_OF_ORDER.test(a) || OUT_OF_ORDER.test(b)) {
    return Buffer.compare(encodePath(a), encodePath(b));
  }
  return a < b ? -1 : 1;
}

/** The items in the order of their paths' bytes, as a new array. */
export function sortByPath<T extends { readonly path: string }>(items: readonly T[]): T[] {
  const sorted = items.slice();
  if (items.some(({ path }) => OUT_OF_ORDER.test(path))) {
    return sorted.sort((a, b) => comparePaths(a.path, b.path));
  }
  return sorted.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
