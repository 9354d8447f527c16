import { expect, test } from 'vitest';
import { syscallFindings } from '../../../src-main/engine/syscall-findings.ts';
import { renderSyscallTrace } from '../../../src-main/cli/render/render-syscall-trace.ts';
import { PLAIN } from '../../../src-main/cli/terminal/style.ts';
import { read } from '../trace/syscalls/reading.ts';

test('a trace as people read it: what a failed process missed comes first', () => {
  const trace = read(
    'strace',
    [
      '7 1795277510.000 execve("/bin/sh", ["sh"], 0x7f /* 1 var */) = 0',
      '7 1795277510.001 access("/home/me/bin/cc", X_OK) = -1 ENOENT (No such file or directory)',
      '7 1795277510.002 access("/nix/store/x/bin/cc", X_OK) = 0',
      '7 1795277510.003 access("/etc/odd\\33name", R_OK) = -1 ENOENT (No such file or directory)',
      '7 1795277510.004 vfork() = 8',
      '8 1795277510.005 execve("/nix/store/x/bin/cc", ["cc"], 0x7f /* 1 var */) = 0',
      '8 1795277510.006 open("/run/opengl-driver/lib/libcuda.so", O_RDONLY) = -1 ENOENT (No such file or directory)',
      '8 1795277510.007 connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("1.2.3.4")}, 16) = -1 ENETUNREACH (Network is unreachable)',
      '8 1795277510.300 +++ exited with 1 +++',
      'noise',
      '7 1795277510.400 +++ exited with 0 +++',
      '',
    ].join('\n'),
  );
  expect([...renderSyscallTrace(trace, syscallFindings(trace), 'short', PLAIN)].join('\n')).toBe(
    `Processes
  /bin/sh 7  ✓  0.4 s  1 missing
    /nix/store/x/bin/cc 8  ✗ exit status 1  0.3 s  1 missing

Read outside the store
  /bin/sh  (1 ×, a program not known)

Missing whenever it was looked for
  /run/opengl-driver/lib/libcuda.so  (1 ×, cc)
  /etc/odd\\x1bname  (1 ×, sh)
  /home/me/bin/cc found as /nix/store/x/bin/cc  (1 ×, sh)

Connections tried
  1.2.3.4:80 ENETUNREACH  (1 ×, cc)

1 line not understood, among them:
  noise

2 processes (1 failed), 2 files missing, 1 file read outside the store, 1 address tried`,
  );
});
