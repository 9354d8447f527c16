/** Files that could not be started, for want of what they name to be started with. */
import { expect, it } from 'vitest';
import { missingInterpreters } from '../../../src-main/trace/missing-interpreters.ts';
import { LOADER, MadeUpRoot, program } from './made-up-root.ts';
import { read } from './syscalls/reading.ts';

it('names the interpreter, not the file that the kernel names', async () => {
  const root = new MadeUpRoot({
    '/build/script': '#!/usr/bin/env',
    '/build/well': '#!/bin/sh',
    '/bin/sh': program({ interpreter: LOADER }),
    '/build/foreign': program({ interpreter: '/lib/ld-elsewhere.so.2' }),
    '/build/relative': '#!sh',
  });
  const failed = ['script', 'well', 'foreign', 'relative', 'not-there'].map(
    (name) =>
      `1 1.0 execve("/build/${name}", ["x"], 0x7ffc /* 1 var */) = -1 ENOENT (No such file)\n`,
  );
  const refused =
    '1 1.0 execve("/build/script", ["x"], 0x7ffc /* 1 var */) = -1 EACCES (Refused)\n';
  expect(await missingInterpreters(read('strace', ...failed, refused), root)).toStrictEqual([
    { interpreter: '/usr/bin/env', of: 'script', file: '/build/script' },
    { interpreter: '/lib/ld-elsewhere.so.2', of: 'program', file: '/build/foreign' },
  ]);
});
