import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePath } from '../../../src-main/host/byte-path.ts';
import { type PackedEntry, type TarEntry } from '../../../src-main/oci/tar-entry.ts';
import { readTar } from '../../../src-main/oci/tar-reader.ts';
import { tarBytes } from '../../../src-main/oci/tar-writer.ts';

interface Kept {
  readonly entry: TarEntry;
  readonly contents: string;
}

async function packed(entries: readonly Kept[]): Promise<Buffer> {
  const given = entries.map(({ entry, contents }): PackedEntry => ({
    entry,
    open:
      entry.type === 'file'
        ? () => Promise.resolve(pieces(Buffer.from(contents, 'latin1'), 7))
        : null,
  }));
  const bytes: Uint8Array[] = [];
  for await (const piece of tarBytes(given)) bytes.push(piece);
  return Buffer.concat(bytes);
}

/** Bytes in pieces of a length that fits no block. */
async function* pieces(bytes: Buffer, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) {
    await Promise.resolve();
    yield bytes.subarray(at, at + length);
  }
}

async function unpacked(archive: Buffer, length = 333): Promise<readonly Kept[]> {
  const found: Kept[] = [];
  for await (const { entry, contents } of readTar(pieces(archive, length))) {
    const bytes: Uint8Array[] = [];
    for await (const piece of contents) bytes.push(piece);
    found.push({ entry, contents: Buffer.concat(bytes).toString('latin1') });
  }
  return found;
}

function file(path: string, contents = '', more: Partial<TarEntry> = {}): Kept {
  return {
    entry: {
      path,
      type: 'file',
      mode: 0o644,
      owner: { user: 0, group: 0 },
      size: contents.length,
      target: '',
      attributes: new Map(),
      ...more,
    },
    contents,
  };
}

const name = fc
  .uint8Array({ minLength: 1, maxLength: 120 })
  .map((bytes) => bytes.map((byte) => (byte === 0 || byte === 0x2f || byte === 0x2e ? 0x61 : byte)))
  .map((bytes) => decodePath(bytes));
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));

describe('tar archives', () => {
  it('give back every name, mode, target, attribute and byte, in whatever pieces they come', async () => {
    const entry = fc
      .record({
        path,
        contents: fc.uint8Array({ maxLength: 1200 }),
        mode: fc.integer({ min: 0, max: 0o7777 }),
        link: fc.option(path),
        attributes: fc.dictionary(
          fc.stringMatching(/^user\.[a-z]{1,9}$/),
          fc.uint8Array({ maxLength: 9 }),
        ),
      })
      .map((given): Kept => {
        const { mode, link } = given;
        const contents = link === null ? Buffer.from(given.contents).toString('latin1') : '';
        return file(given.path, contents, {
          mode,
          type: link === null ? 'file' : 'symlink',
          target: link ?? '',
          attributes: new Map(
            Object.entries(given.attributes)
              .toSorted(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, value]) => [key, Buffer.from(value)]),
          ),
        });
      });
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 5 }),
        fc.integer({ min: 1, max: 2000 }),
        async (entries, length) => {
          expect(await unpacked(await packed(entries), length)).toEqual(entries);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('have the same bytes for the same entries', async () => {
    const entries = [file('a', 'x'), file(`${'long/'.repeat(40)}b`, 'y')];
    expect(await packed(entries)).toEqual(await packed(entries));
  });

  it('are refused where they were cut off, wherever that is', async () => {
    const archive = await packed([file('a'.repeat(200), 'contents'), file('b', 'more')]);
    // All but the second of the two empty blocks at the end is needed.
    for (let length = 0; length <= archive.length - 1024; length += 100) {
      await expect(unpacked(archive.subarray(0, length))).rejects.toMatchObject({
        code: 'format',
        reason: 'it ends too early',
      });
    }
  });

  it('are refused where a header was changed', async () => {
    const archive = await packed([file('a', 'x')]);
    archive[0] = 0x62;
    await expect(unpacked(archive)).rejects.toMatchObject({ reason: 'a checksum does not match' });
  });

  it('are refused where more is said of an entry than the memory should hold', async () => {
    const large = new Map([['user.large', Buffer.alloc(3_000_000)]]);
    const archive = await packed([file('a', '', { attributes: large })]);
    const [END, HEADER] = [1024, 512];
    const extended = archive.subarray(0, archive.length - END - HEADER);
    const repeated = Buffer.concat([...Array.from({ length: 6 }, () => extended), archive]);
    await expect(unpacked(repeated, 65_536)).rejects.toMatchObject({
      reason: 'an extended header is too long',
    });
    expect(await unpacked(archive, 65_536)).toHaveLength(1);
  });

  it('refuse a file that is longer or shorter than it was', async () => {
    for (const size of [1, 9]) {
      await expect(packed([file('a', 'four', { size })])).rejects.toMatchObject({
        code: 'environment',
        reason: 'the file changed while it was read',
      });
    }
  });
});
