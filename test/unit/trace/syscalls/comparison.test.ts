// Files that one trace of system calls did not find and another did.
import assert from 'node:assert/strict';
import { test } from 'vitest';
import { compareAccesses } from '../../../../src-main/trace/syscalls/comparison.ts';
import type { SyscallTrace } from '../../../../src-main/trace/syscalls/model.ts';
import { SyscallRecorder } from '../../../../src-main/trace/syscalls/recorder.ts';
import { StraceReader } from '../../../../src-main/trace/syscalls/strace-reader.ts';

/** What a process did that opened these files; those after `!` were not there. */
function opened(...files: readonly string[]): SyscallTrace {
  const recorder = new SyscallRecorder();
  const reader = new StraceReader(recorder, 1);
  for (const file of files) {
    const path = file.replace(/^!/, '');
    const result = file.startsWith('!') ? '-1 ENOENT (No such file or directory)' : '3';
    reader.write(Buffer.from(`openat(AT_FDCWD, "${path}", O_RDONLY) = ${result}\n`));
  }
  reader.end();
  return recorder.trace();
}

const paths = (left: SyscallTrace, right: SyscallTrace) => {
  const { missingLeft, missingRight } = compareAccesses(left, right);
  return [missingLeft.map(({ path }) => path), missingRight.map(({ path }) => path)];
};

test('what both missed, and what only one asked for, is no difference', () => {
  assert.deepStrictEqual(
    paths(
      opened('!/etc/a', '!/etc/b', '/etc/c', '!/etc/x'),
      opened('/etc/a', '!/etc/b', '!/etc/c'),
    ),
    [['/etc/a'], ['/etc/c']],
  );
});

test('a file of another build of an input was there', () => {
  const file = (digit: string): string => `/nix/store/${digit.repeat(32)}-zlib-1.3/include/zlib.h`;
  assert.deepStrictEqual(paths(opened(`!${file('a')}`), opened(file('b'))), [[file('a')], []]);
});
