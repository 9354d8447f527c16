/**
 * Replaces hashes of store paths by others of their length in a stream of bytes, wherever it is cut. As Nix does it for
 * redirected outputs (src/libstore/references.cc, `RewritingSink`).
 */

interface Replacement {
  readonly from: Buffer;
  readonly to: Buffer;
}

export class HashReplacement {
  readonly #replacements: readonly Replacement[];
  /** A hash may have begun in so many of the last bytes. */
  readonly #held: number;
  #rest: Buffer = Buffer.alloc(0);

  /** @param hashes what is replaced by what; all of one length */
  constructor(hashes: ReadonlyMap<string, string>) {
    this.#replacements = Array.from(hashes, ([from, to]) => ({
      from: Buffer.from(from),
      to: Buffer.from(to),
    }));
    this.#held = Math.max(0, ...this.#replacements.map(({ from }) => from.length - 1));
  }

  /** The bytes that are certain by now. */
  push(chunk: Buffer): Buffer {
    const bytes = Buffer.concat([this.#rest, chunk]);
    for (const { from, to } of this.#replacements) {
      for (let at = bytes.indexOf(from); at !== -1; at = bytes.indexOf(from, at + from.length)) {
        to.copy(bytes, at);
      }
    }
    const certain = Math.max(0, bytes.length - this.#held);
    this.#rest = bytes.subarray(certain);
    return bytes.subarray(0, certain);
  }

  /** The last bytes. */
  end(): Buffer {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest;
  }
}

/** A stream with its hashes replaced. */
export async function* replacedHashes(
  stream: AsyncIterable<Buffer>,
  hashes: ReadonlyMap<string, string>,
): AsyncGenerator<Buffer> {
  const replacement = new HashReplacement(hashes);
  for await (const chunk of stream) yield replacement.push(chunk);
  yield replacement.end();
}
