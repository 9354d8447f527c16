// Where the build begins in strace's text of a phase.
import assert from 'node:assert/strict';
import { test } from 'vitest';
import { sandboxEntrance } from '../../../../src-main/trace/syscalls/sandbox-entrance.ts';

const WAY_IN = `41 1795279830.960391 execve("/usr/bin/unshare", ["unshare"], 0x7ffc /* 43 vars */) = 0
41 1795279830.970078 execve("/root/bin/bwrap", ["bwrap"], 0x7ffe /* 43 vars */) = -1 ENOENT (No such file or directory)
41 1795279831.015129 clone(child_stack=NULL, flags=CLONE_NEWNS|CLONE_NEWPID|SIGCHLD) = 44
44 1795279831.021834 pivot_root("/tmp", "oldroot") = 0
44 1795279831.047793 chdir("/newroot") = 0
44 1795279831.047871 pivot_root(".", ".") = 0
44 1795279831.048130 chdir("/")      = 0
44 1795279831.048898 chdir("/build/a \\"b\\"" <unfinished ...>
41 1795279831.048900 close(4) = 0
44 1795279831.048901 <... chdir resumed>) = 0
`;
const INSIDE = `44 1795279831.049182 execve("/bin/bash", ["/bin/bash"], 0x5555 /* 1 var */) = 0
44 1795279831.059182 chdir("/build/later") = 0
44 1795279831.069182 execve("/bin/sh", ["/bin/sh"], 0x5555 /* 1 var */) = 0
`;

test('the build begins where the child of bubblewrap, in its own root, becomes the builder', () => {
  assert.deepStrictEqual(sandboxEntrance(Buffer.from(WAY_IN + INSIDE)), {
    offset: WAY_IN.length,
    directory: '44 1795279831.048898 chdir("/build/a \\"b\\"") = 0\n',
  });
});

test('numbers of few digits are followed by more blanks', () => {
  const padded = (text: string): string => text.replace(/^(\d+) /gm, '$1    ');
  assert.deepStrictEqual(sandboxEntrance(Buffer.from(padded(WAY_IN + INSIDE))), {
    offset: padded(WAY_IN).length,
    directory: '44    1795279831.048898 chdir("/build/a \\"b\\"") = 0\n',
  });
});

test('a text of something else has no such place, nor one that ends before', () => {
  assert.equal(sandboxEntrance(Buffer.from(WAY_IN)), null);
  assert.equal(sandboxEntrance(Buffer.from(INSIDE)), null);
  assert.equal(sandboxEntrance(Buffer.alloc(0)), null);
});
