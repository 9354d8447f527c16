/**
 * The twelve bytes that each line of ld.so's begins with: the process id in ten columns, a colon and a tab
 * (_dl_debug_vdprintf in elf/dl-printf.c).
 */

/** Bytes. */
export const TAG_LENGTH = 12;

const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const ZERO = 0x30;
const NINE = 0x39;

/** The process id of the tag that begins there; -1 where none does. */
export function tagAt(bytes: Buffer, start: number, end: number): number {
  if (end - start < TAG_LENGTH || bytes[start + 11] !== TAB || bytes[start + 10] !== COLON) {
    return -1;
  }
  let at = start;
  const last = start + 10;
  while (at < last && bytes[at] === SPACE) at += 1;
  if (at === last) return -1;
  let pid = 0;
  for (; at < last; at += 1) {
    const digit = bytes[at] ?? 0;
    if (digit < ZERO || digit > NINE) return -1;
    pid = pid * 10 + (digit - ZERO);
  }
  return pid;
}

/** Where the first tag begins after the first byte; -1 where there is none. */
export function innerTag(bytes: Buffer, start: number, end: number): number {
  for (let tab = start + TAG_LENGTH; tab < end; tab += 1) {
    if (bytes[tab] === TAB && tagAt(bytes, tab - 11, end) !== -1) return tab - 11;
  }
  return -1;
}
