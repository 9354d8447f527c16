import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { describe, test } from 'vitest';
import { replacedHashes } from '../../../src-main/nix/hash-replacement.ts';
import {
  compareContents,
  type ContentAnswer,
  type ReadableFile,
} from '../../../src-main/phases/content-comparison.ts';

const hashes = new Map([['scratch1', 'realreal']]);

/** A file that comes in pieces of a few bytes. */
function file(contents: string | Buffer): ReadableFile {
  const bytes = Buffer.from(contents);
  return {
    size: bytes.length,
    raw: async () =>
      Promise.resolve(
        (async function* () {
          for (let at = 0; at < bytes.length; at += 7) {
            yield Promise.resolve(Buffer.from(bytes.subarray(at, at + 7)));
          }
        })(),
      ),
  };
}

const compare = async (left: string | Buffer, right: string | Buffer): Promise<ContentAnswer> =>
  compareContents(file(left), file(right), (stream) => replacedHashes(stream, hashes));

const NOTE = Buffer.from([4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 0x47, 0x4e, 0x55, 0]);
const elf = (path: string, id: number, rest = ''): Buffer =>
  Buffer.concat([
    Buffer.from('\x7fELF', 'latin1'),
    NOTE,
    Buffer.alloc(20, id),
    Buffer.from(path + rest),
  ]);

describe('the contents of two files', () => {
  test('are the same where they differ by the path of the output alone', async () => {
    assert.deepStrictEqual(await compare('in /scratch1/bin', 'in /realreal/bin'), { kind: 'same' });
    assert.deepStrictEqual(await compare('', ''), { kind: 'same' });
  });

  test('differ from a byte on', async () => {
    assert.deepStrictEqual(await compare('0123456789x', '0123456789y'), {
      kind: 'differs',
      at: 10,
    });
    assert.deepStrictEqual(await compare('0123', '01234'), { kind: 'differs', at: 4 });
    assert.deepStrictEqual(await compare('', 'a'), { kind: 'differs', at: 0 });
  });

  test('of a program follow from the path where the build id alone is another', async () => {
    assert.deepStrictEqual(await compare(elf('/scratch1/lib', 1), elf('/realreal/lib', 2)), {
      kind: 'follows',
      why: 'build-id',
    });
    const answer = await compare(elf('/scratch1/lib', 1, 'x'), elf('/realreal/lib', 2, 'y'));
    assert.equal(answer.kind, 'differs');
  });

  test('of compressed files are those that they hold', async () => {
    assert.deepStrictEqual(await compare(gzipSync('at /scratch1'), gzipSync('at /realreal')), {
      kind: 'follows',
      why: 'compressed',
    });
    assert.equal((await compare(gzipSync('one'), gzipSync('two'))).kind, 'differs');
    const damaged = Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from('no gzip at all')]);
    assert.equal((await compare(gzipSync('one'), damaged)).kind, 'differs');
  });
});
