/**
 * Decompressing layers that another tool compressed by zstd (RFC 8878): by Node where it can, which is so since 22.15, else
 * by the program zstd of the machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Duplex, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { engineMark } from '../host/process.ts';
import { findProgram } from '../host/programs.ts';
import { howToGet, notOnPath } from '../host/requirements.ts';
import { StrataError } from '../protocol/errors.ts';

/** What skopeo is told so that neither is needed. */
const SKOPEO =
  'or let skopeo write them again: skopeo copy --dest-compress-format gzip oci:DIR oci:OTHER';

/**
 * @param operation for the error
 * @param path where programs are looked for
 * @throws StrataError `environment` where neither is there.
 */
export async function zstdDecompression(
  operation: string,
  path: string | undefined,
  ofNode: (() => Transform) | undefined = nodes(),
): Promise<Duplex> {
  if (ofNode !== undefined) return ofNode();
  const program = await findProgram('zstd', path);
  if (program !== null) {
    return Duplex.from((source: AsyncIterable<Uint8Array>) => through(program, source));
  }
  throw new StrataError({
    code: 'environment',
    operation,
    reason: `its layers are compressed by zstd, which this Node cannot read, and ${notOnPath('zstd')}`,
    advice: `install it: ${howToGet('zstd')}\n${SKOPEO}`,
  });
}

function nodes(): (() => Transform) | undefined {
  const found = (zlib as { readonly createZstdDecompress?: () => Transform }).createZstdDecompress;
  return found === undefined ? undefined : () => found();
}

async function* through(
  program: string,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const child = spawn(program, ['--decompress', '--stdout', '--quiet'], {
    env: { ...process.env, ...engineMark() },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const complaints: Buffer[] = [];
  child.stderr.on('data', (piece: Buffer) => complaints.push(piece));
  const end = once(child, 'close') as Promise<[number | null]>;
  // What it says itself is the reason where it does not read to the end.
  const fed = pipeline(source, child.stdin).catch((error: unknown) => error);
  try {
    for await (const piece of child.stdout) yield piece as Buffer;
    const [exitCode] = await end;
    if (exitCode !== 0) throw new Error(Buffer.concat(complaints).toString('utf8').trim());
    const failure = await fed;
    if (failure instanceof Error) throw failure;
  } finally {
    child.kill();
  }
}
