// The dynamic section: of this machine's programs against readelf, of made-up bytes against nothing but not breaking.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseElf } from '../../../src-main/trace/elf.ts';

const readelf = spawnSync('readelf', ['--version'], { encoding: 'utf8' });
const noReadelf = readelf.error === undefined ? null : 'readelf is not on PATH';

const candidates = [
  process.execPath,
  '/bin/bash',
  '/bin/sh',
  '/usr/bin/env',
  '/usr/bin/git',
  '/usr/bin/ssh',
  // Can be started, yet is a library.
  '/lib/x86_64-linux-gnu/libc.so.6',
  '/lib/x86_64-linux-gnu/libz.so.1',
];
const files = candidates.filter((file) => existsSync(file)).map((file) => realpathSync(file));

describe.skipIf(noReadelf !== null)('as readelf reads it', () => {
  test.each(files)('%s', (file) => {
    const { stdout } = spawnSync(
      'readelf',
      ['--wide', '--file-header', '--dynamic', '--program-headers', file],
      {
        encoding: 'utf8',
      },
    );
    const all = (tag: string): string[] =>
      Array.from(
        stdout.matchAll(new RegExp(`\\(${tag}\\).*\\[(.*)\\]`, 'g')),
        ([, text]) => text ?? '',
      );
    const elf = parseElf(readFileSync(file));
    // Newer versions say `DYN (Position-Independent Executable file)`, or `DYN (Shared object file)`.
    const type = /Type: +(.*)/.exec(stdout)?.[1] ?? '';
    if (type.includes('Position-Independent')) {
      expect(elf?.type).toBe('position-independent executable');
    } else if (/Flags: .*\bPIE\b/.test(stdout)) {
      expect(elf?.type).toBe('position-independent executable');
    } else expect(elf?.type).toBe(type.startsWith('EXEC') ? 'executable' : 'shared object');
    expect(elf).toMatchObject({
      interpreter: /Requesting program interpreter: (.*)\]/.exec(stdout)?.[1] ?? null,
      needed: all('NEEDED'),
      rpath: all('RPATH').flatMap((path) => path.split(':')),
      runpath: all('RUNPATH').flatMap((path) => path.split(':')),
      soname: all('SONAME')[0] ?? null,
    });
  });
});

/** A file with one loaded segment at address 0x1000, in any width and order. */
function madeUp(wide: boolean, little: boolean, flags = 0): Buffer {
  const file = Buffer.alloc(1024);
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const half = (at: number, value: number): void => view.setUint16(at, value, little);
  const int = (at: number, value: number): void => view.setUint32(at, value, little);
  const word = (at: number, value: number): void =>
    wide ? view.setBigUint64(at, BigInt(value), little) : int(at, value);
  file.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1]);
  half(16, 3);
  half(18, wide ? 183 : 8);
  const [headers, size] = [64, wide ? 56 : 32];
  word(wide ? 32 : 28, headers);
  half(wide ? 54 : 42, size);
  half(wide ? 56 : 44, 2);
  for (const [index, [type, offset, length]] of [
    [1, 0, 1024],
    [2, 512, 256],
  ].entries()) {
    const at = headers + index * size;
    int(at, type ?? 0);
    word(at + (wide ? 8 : 4), offset ?? 0);
    word(at + (wide ? 16 : 8), 0x1000 + (offset ?? 0));
    word(at + (wide ? 32 : 16), length ?? 0);
  }
  const strings = '\0libz.so.1\0libm.so.6\0/a:/b\0me.so\0';
  file.write(strings, 256, 'latin1');
  const step = wide ? 16 : 8;
  for (const [index, [tag, value]] of [
    [1, 1],
    [1, 11],
    [29, 21],
    [14, 27],
    [5, 0x1000 + 256],
    [10, strings.length],
    [0x6fff_fffb, flags],
    [0, 0],
  ].entries()) {
    word(512 + index * step, tag ?? 0);
    word(512 + index * step + step / 2, value ?? 0);
  }
  return file;
}

test.each([
  [true, true],
  [true, false],
  [false, true],
  [false, false],
])('64 bits: %s, little-endian: %s', (wide, little) => {
  expect(parseElf(madeUp(wide, little))).toEqual({
    class: wide ? 'ELF64' : 'ELF32',
    machine: wide ? 'AArch64' : 'MIPS',
    type: 'shared object',
    interpreter: null,
    needed: ['libz.so.1', 'libm.so.6'],
    rpath: [],
    runpath: ['/a', '/b'],
    soname: 'me.so',
  });
});

test('a program that may be loaded anywhere is no library', () => {
  // DF_1_NOW, and with it DF_1_PIE.
  expect(parseElf(madeUp(true, true, 0x1))?.type).toBe('shared object');
  expect(parseElf(madeUp(true, true, 0x0800_0001))?.type).toBe('position-independent executable');
  expect(parseElf(madeUp(false, false, 0x0800_0001))?.type).toBe('position-independent executable');
});

test('any bytes are read or refused', () => {
  const start = madeUp(true, true);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(1023), fc.nat(255)), { maxLength: 40 }),
      fc.nat(1024),
      (changes, length) => {
        const file = Buffer.from(start);
        for (const [at, value] of changes) file[at] = value;
        const elf = parseElf(file.subarray(0, length));
        expect(elf === null || Array.isArray(elf.needed)).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
  expect(parseElf(new Uint8Array(0))).toBeNull();
});
