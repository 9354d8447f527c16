import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, describe, it } from 'vitest';
import { fileEntry, type PackedEntry } from '../../../src-main/oci/tar-entry.ts';
import { readTar } from '../../../src-main/oci/tar-reader.ts';
import { tarBytes } from '../../../src-main/oci/tar-writer.ts';
import { unpack } from '../../../src-main/oci/unpack.ts';

const OWNER = { user: 0, group: 0 };

describe('unpacking', () => {
  const directory = mkdtempSync(join(tmpdir(), 'strata-unpack-'));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('forgets the attributes of what gave way, which a link in its place would lead elsewhere', async () => {
    const attributes = new Map([['user.comment', Buffer.from('hi')]]);
    const withAttributes = (path: string): PackedEntry => {
      const packed = fileEntry(path, 'x', 0o644, OWNER);
      return { ...packed, entry: { ...packed.entry, attributes } };
    };
    const link: PackedEntry = {
      entry: { ...fileEntry('a', '', 0o777, OWNER).entry, type: 'symlink', target: '/etc' },
      open: null,
    };
    const archive = tarBytes([withAttributes('a/passwd'), withAttributes('b'), link]);
    const signal = new AbortController().signal;
    expect(await unpack(readTar(archive), directory, signal)).toEqual({
      whiteouts: [],
      attributes: new Map([['/b', attributes]]),
    });
  });
});
