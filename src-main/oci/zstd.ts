/** Decompressing layers that another tool compressed by zstd: by Node where it can, else by the program of the machine. */
import type { Duplex, Transform } from 'node:stream';
import { nodeZstd, zstdProgram } from '../host/decompression.ts';
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
  ofNode: (() => Transform) | undefined = nodeZstd(),
): Promise<Duplex> {
  const found = ofNode?.() ?? (await zstdProgram(path));
  if (found !== null) return found;
  throw new StrataError({
    code: 'environment',
    operation,
    reason: `its layers are compressed by zstd, which this Node cannot read, and ${notOnPath('zstd')}`,
    advice: `install it: ${howToGet('zstd')}\n${SKOPEO}`,
  });
}
