/**
 * The subdirectories for processors that ld.so looks into before a directory itself: glibc-hwcaps since 2.33; before, names such
 * as tls/haswell/x86_64 in all combinations. On most machines there are none, and people do not think of them.
 */

/** Names of `_dl_important_hwcaps` and `dl_platform` for x86, POWER, s390 and ARM. */
const NAMES =
  'glibc-hwcaps/[^/]+|(?:tls|haswell|xeon_phi|avx512_1|x86_64|i[3-6]86|sse2|cmov|power\\d+|altivec|vsx|z\\d+|neon|vfp|aarch64|atomics|v\\d+l)(?=/|$)';

const BELOW = new RegExp(`^(?:/(?:${NAMES}))+$`);
const FILE_BELOW = new RegExp(`^(.*?)((?:/(?:${NAMES}))+)(/[^/]+\\.so(?:\\.[^/]*)?)$`, 's');

/** Whether one directory is another's for some processor. */
export function isVariantOf(directory: string, base: string): boolean {
  // Below the empty directory, which is the one that the process is in, nothing begins with a slash.
  const below = base === '' ? `/${directory}` : directory.slice(base.length);
  return directory.startsWith(base) && BELOW.test(below);
}

/** The file that a library is a variant of: `/lib/tls/libc.so.6` is one of `/lib/libc.so.6`; null for what is none. */
export function variantBase(library: string): string | null {
  const [, base, , name] = FILE_BELOW.exec(library) ?? [];
  return base === undefined || name === undefined ? null : `${base}${name}`;
}
