/** What kind of trace a file is, by its beginning. */
import { constants, inflateRawSync } from 'node:zlib';

export type TraceKind = 'strace' | 'bpftrace' | 'sysdig-text' | 'sysdig-json' | 'scap' | 'ld-debug';

/** How much of a file {@link traceKind} wants to see (bytes). */
export const ENOUGH_TO_KNOW = 64 * 1024;

/** Lines of other text that may come first: a program's own output, where a trace went to standard error. */
const MOST_LINES = 400;

/**
 * Gives null for what is none of them. Never throws.
 *
 * @param firstBytes at least a few lines, {@link ENOUGH_TO_KNOW} where there are as many
 */
export function traceKind(firstBytes: Uint8Array): TraceKind | null {
  const bytes = Buffer.from(firstBytes.buffer, firstBytes.byteOffset, firstBytes.length);
  if (isScap(bytes) || isScap(unpacked(bytes))) return 'scap';
  const lines = bytes.toString('latin1').split('\n', MOST_LINES);
  for (const line of lines) {
    if (BPFTRACE.test(line)) return 'bpftrace';
    if (/^[[\s,]*\{.*"evt\.type" ?:/.test(line)) return 'sysdig-json';
    if (/^\d+ \S+ \d+ .*\(\d+(?::-?\d+)?\) [<>] [a-z_0-9]+(?: |$)/.test(line)) {
      return 'sysdig-text';
    }
    if (STRACE.test(line)) return 'strace';
    if (LD_DEBUG.test(line)) return 'ld-debug';
  }
  return null;
}

/** What Strata's own program for bpftrace prints first (resources/tracing/syscalls.bt). */
const BPFTRACE = /^\{"type": ?"printf", ?"data": ?"strata \d/;

/** A number or time before a call with its result or mark, or a signal or end. */
const STRACE =
  /^(?:\[pid +\d+\] +|\d+(?:<[^>]*>)? +)?(?: *[\d:.]+ +)?(?:\[[ 0-9a-f]+\] +)*(?:[a-z_][a-z_0-9]*\(.*(?:\) += (?:-?\d|0x|\?)|<(?:unfinished|detached) \.\.\.>$)|<\.\.\. [a-z_0-9]+ resumed>|\+\+\+ (?:exited with|killed by) |--- SIG[A-Z0-9]+ \{)/;

/** `      4711:\tfind library=libc.so.6 [0]; searching`: a process number in ten columns (ld.so(8), LD_DEBUG). */
const LD_DEBUG = /^ {0,9}\d{1,10}:\t/;

/**
 * The section header block of pcapng with a block after it that pcapng does not have (falcosecurity/libs,
 * userspace/libscap/scap_savefile.h): SHB_BLOCK_TYPE 0x0A0D0D0A, length, SHB_MAGIC 0x1A2B3C4D in the writer's byte order.
 * The types of scap's own blocks are 0x200 to 0x2ff, or 0x80000000 and more before the first release.
 */
function isScap(bytes: Buffer): boolean {
  if (bytes.length < 32 || bytes.readUInt32LE(0) !== 0x0a0d0d0a) return false;
  const isLittle = bytes.readUInt32LE(8) === 0x1a2b3c4d;
  if (!isLittle && bytes.readUInt32BE(8) !== 0x1a2b3c4d) return false;
  const word = (at: number): number => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const next = word(4);
  if (next < 28 || next + 4 > bytes.length) return false;
  const type = word(next);
  return (type & 0xffffff00) === 0x200 || type >= 0x80000000;
}

/** What a file compressed by gzip begins with; nothing where it is none. Captures are compressed with `-z`. */
function unpacked(bytes: Buffer): Buffer {
  // RFC 1952: magic, method 8 (deflate), flags; ten bytes without optional parts.
  if (bytes.length < 18 || bytes.readUInt32BE(0) !== 0x1f8b0800) return Buffer.alloc(0);
  try {
    const part = bytes.subarray(10, 10 + 4096);
    return inflateRawSync(part, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: 1024 * 1024 * 8,
    });
  } catch {
    return Buffer.alloc(0);
  }
}
