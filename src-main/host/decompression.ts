/** Reading what others have compressed: by Node where it can, else by a program of the machine. */
import type { Duplex, Transform } from 'node:stream';
import { PassThrough } from 'node:stream';
import zlib from 'node:zlib';
import { filterProgram } from './filter-program.ts';
import { findProgram } from './programs.ts';

/** Node's own zstd (RFC 8878), which it has since 22.15. */
export function nodeZstd(): (() => Transform) | undefined {
  const found = (zlib as { readonly createZstdDecompress?: () => Transform }).createZstdDecompress;
  return found === undefined ? undefined : () => found();
}

/** By the program zstd; null where it is not on `path`. */
export async function zstdProgram(path: string | undefined): Promise<Duplex | null> {
  return byProgram('zstd', path);
}

/**
 * A stream that decompresses; null where this machine has nothing for it.
 *
 * @param by as a binary cache's entry names it (Nix: src/libutil/compression.cc)
 */
export async function decompression(by: string, path: string | undefined): Promise<Duplex | null> {
  switch (by) {
    case 'none':
    case '':
      return new PassThrough();
    case 'gzip':
      return zlib.createGunzip();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      return nodeZstd()?.() ?? (await zstdProgram(path));
    case 'xz':
    case 'bzip2':
      return byProgram(by, path);
    default:
      return null;
  }
}

async function byProgram(name: string, path: string | undefined): Promise<Duplex | null> {
  const program = await findProgram(name, path);
  return program === null ? null : filterProgram(program, ['--decompress', '--stdout', '--quiet']);
}
