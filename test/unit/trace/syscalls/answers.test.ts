// What people ask of a trace of system calls.
import assert from 'node:assert/strict';
import { test } from 'vitest';
import { missingFiles } from '../../../../src-main/trace/syscalls/answers.ts';
import type { FileAccess, SyscallTrace } from '../../../../src-main/trace/syscalls/model.ts';

function access(path: string, result = 'ENOENT'): FileAccess {
  return { kind: 'opened', path, result, program: 'ld', count: 1, firstAt: null, lastAt: null };
}

function traceOf(accesses: readonly FileAccess[]): SyscallTrace {
  return {
    timeOrigin: 'none',
    processes: [],
    accesses,
    timeline: { width: 1, buckets: [] },
    notUnderstood: { lines: 0, samples: [] },
  };
}

test('variants of a library are not missing where it was itself asked for', () => {
  const missing = missingFiles(
    traceOf([
      access('/lib/tls/libc.so.6'),
      access('/lib/tls'),
      access('/lib/libc.so.6', 'ok'),
      access('/run/driver/glibc-hwcaps/x86-64-v3/libd.so'),
      access('/run/driver/libd.so'),
      access('/opt/tls/liba.so'),
      access('/src/tls'),
    ]),
  );
  assert.deepStrictEqual(
    missing.map(({ path }) => path),
    ['/run/driver/libd.so', '/opt/tls/liba.so', '/src/tls'],
  );
});

test('a file may be found elsewhere, a directory may not', () => {
  const missing = missingFiles(
    traceOf([
      access('/usr/local/bin/make'),
      access('/usr/bin/make', 'ok'),
      access('/run/driver/lib/libd.so'),
      access('/run/driver/lib'),
      access('/lib', 'ok'),
    ]),
  );
  assert.deepStrictEqual(
    missing.map(({ path, foundAs }) => [path, foundAs]),
    [
      ['/usr/local/bin/make', '/usr/bin/make'],
      ['/run/driver/lib/libd.so', null],
      ['/run/driver/lib', null],
    ],
  );
});
