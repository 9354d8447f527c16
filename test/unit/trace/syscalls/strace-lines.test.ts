// Single lines of strace, as its versions and options write them.
import { describe, expect, test } from 'vitest';
import { done, read } from './reading.ts';

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

/** Access, result and path or address of all that was done. */
function accesses(text: string): readonly string[] {
  return read('strace', text).accesses.map((access) =>
    access.kind === 'connected'
      ? `connected ${access.result} ${JSON.stringify(access.address)}`
      : `${access.kind} ${access.result} ${access.path}`,
  );
}

test.each([
  ['7 open("/a", O_RDONLY) = 3', 'opened ok /a'],
  ['7 open("/a", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 3', 'written ok /a'],
  [
    '7 openat(AT_FDCWD</w>, "b//c/./d", O_RDONLY) = -1 EACCES (Permission denied)',
    'opened EACCES /w/b/c/d',
  ],
  ['7 openat(AT_FDCWD</w/x>, "../../../b", O_RDONLY) = 3', 'opened ok /b'],
  ['7 openat(AT_FDCWD, "b", O_RDONLY) = 3', 'opened ok b'],
  ['7 openat(5</w>, "b", O_PATH) = 6</w/b>', 'sought ok /w/b'],
  [
    '7 openat2(AT_FDCWD, "/b", {flags=O_WRONLY|O_CREAT, mode=0644, resolve=0}, 24) = 3',
    'written ok /b',
  ],
  [
    '7 statx(AT_FDCWD, "/s", AT_STATX_SYNC_AS_STAT, STATX_ALL, 0x7f) = -1 ENOENT (No such file or directory)',
    'sought ENOENT /s',
  ],
  ['7 openat(AT_FDCWD, "/a\\"b\\\\", O_RDONLY) = 3', 'opened ok /a"b\\'],
  [
    '7 openat(AT_FDCWD, "/\\n\\1\\0011\\351\\303\\251", O_RDONLY) = 3',
    'opened ok /\n\u0001\u00011\udce9é',
  ],
  ['7 openat(AT_FDCWD<\\x2f\\x77>, "\\x61\\xe9", O_RDONLY) = 3', 'opened ok /w/a\udce9'],
  [
    '7 openat(AT_FDCWD, "/x) = 5", O_RDONLY) = -1 ENOENT (No such file or directory) <0.000011>',
    'opened ENOENT /x) = 5',
  ],
  [
    '7 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</lib/libz.so.1>, 0) = 0x7fd46fae7000',
    'mapped ok /lib/libz.so.1',
  ],
  ['7 renameat2(AT_FDCWD</w>, "a", AT_FDCWD</w>, "b", RENAME_NOREPLACE) = 0', 'created ok /w/b'],
  ['7 rename("/a", "/b") = -1 ENOENT (No such file or directory)', 'sought ENOENT /a'],
  ['7 symlinkat("../t", 4</w>, "l") = 0', 'created ok /w/l'],
  [
    '7 execveat(4</w>, "x", ["x"], 0x7ff /* 2 vars */, 0) = -1 ENOENT (No such file or directory)',
    'executed ENOENT /w/x',
  ],
  [
    '7 connect(3<TCP:[9]>, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("8.8.8.8")}, 16) = -1 EINPROGRESS (Operation now in progress)',
    'connected EINPROGRESS {"family":"inet","host":"8.8.8.8","port":53}',
  ],
  [
    '7 connect(3, {sa_family=AF_INET6, sin6_port=htons(9), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
    'connected ok {"family":"inet6","host":"::1","port":9}',
  ],
  [
    '7 connect(3, {sa_family=AF_UNIX, sun_path=@"abstract"}, 11) = 0',
    'connected ok {"family":"unix","path":"@abstract"}',
  ],
  [
    '7 sendto(5, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16) = 1',
    'connected ok {"family":"inet","host":"127.0.0.1","port":9}',
  ],
])('%s', (line, expected) => {
  expect(accesses(lines(line))).toEqual([expected]);
  expect(read('strace', lines(line)).notUnderstood.lines).toBe(0);
});

test.each([
  '7 newfstatat(3</etc/x>, "", {st_mode=S_IFREG|0644, ...}, AT_EMPTY_PATH) = 0',
  '7 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7fd46fae7000',
  '7 openat(AT_FDCWD, 0x7ffe, O_RDONLY) = -1 EFAULT (Bad address)',
  '7 openat(AT_FDCWD, "/fifo", O_RDONLY) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)',
  '7 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=5} ---',
  '7 --- stopped by SIGTTIN ---',
  '7 read(0, "a) = 5", 6) = 6',
  '7 <... futex resumed>) = 1',
  '[ Process PID=7 runs in 32 bit mode. ]',
  'strace: Process 9 attached',
  ' > /usr/lib/libc.so.6(open+0x55) [0x1234]',
])('nothing was done, and all is understood: %s', (line) => {
  const { accesses: all, notUnderstood } = read('strace', lines(line));
  expect({ all, lines: notUnderstood.lines }).toEqual({ all: [], lines: 0 });
});

test('what is cut or of others is counted, with samples', () => {
  const text = lines('7 openat(AT_FDCWD, "/cut', 'make: *** [all] Error 1', '\u0000\u0001');
  expect(read('strace', text).notUnderstood).toEqual({
    lines: 3,
    samples: ['7 openat(AT_FDCWD, "/cut', 'make: *** [all] Error 1', '\u0000\u0001'],
  });
});

describe('processes', () => {
  const made = (text: string): readonly unknown[] =>
    read('strace', text).processes.map(({ pid, parent, program, end }) => [
      pid,
      parent,
      program,
      end.kind,
    ]);

  test('a child whose lines come before the call that made it has ended', () => {
    const text = lines(
      '7 execve("/bin/sh", ["sh"], 0x7ff /* 1 var */) = 0',
      '7 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>',
      '8 chdir("/") = 0',
      '7 <... clone resumed>, child_tidptr=0x7f) = 8',
      '8 +++ exited with 0 +++',
    );
    expect(made(text)).toEqual([
      [7, null, '/bin/sh', 'unknown'],
      [8, 0, '/bin/sh', 'exited'],
    ]);
  });

  test('a thread belongs to its process', () => {
    const flags = 'CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD';
    const text = lines(
      '7 chdir("/w") = 0',
      `7 clone3({flags=${flags}, exit_signal=0, stack=0x7f, stack_size=0x7} => {parent_tid=[8]}, 88) = 8`,
      '8 openat(AT_FDCWD, "a", O_RDONLY) = -1 ENOENT (No such file or directory)',
      '8 +++ exited with 0 +++',
      '7 +++ exited with 1 +++',
    );
    expect(made(text)).toEqual([[7, null, null, 'exited']]);
    expect(done(read('strace', text), '/w/a')).toEqual(['opened ENOENT']);
  });

  test('a thread that executes takes the place of its process', () => {
    const text = lines(
      '7 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 8',
      '8 execve("/bin/x", ["x"], 0x7ff /* 1 var */ <unfinished ...>',
      '7 +++ superseded by execve in pid 8 +++',
      '7 <... execve resumed>) = 0',
      '7 +++ exited with 0 +++',
    );
    expect(made(text)).toEqual([[7, null, '/bin/x', 'exited']]);
  });

  test('children with numbers of their own namespace', () => {
    const call = '7 clone(child_stack=NULL, flags=CLONE_NEWPID|SIGCHLD)';
    const own = lines(`${call} = 2`, '8 +++ exited with 0 +++');
    const told = lines(`${call} = 2 /* 8 in strace's PID NS */`, '8 +++ exited with 0 +++');
    const expected = [
      [7, null, null, 'unknown'],
      [8, 0, null, 'exited'],
    ];
    expect([made(own), made(told)]).toEqual([expected, expected]);
  });

  test('numbers are used again', () => {
    const text = lines(
      '7 vfork() = 8',
      '8 +++ killed by SIGSEGV (core dumped) +++',
      '7 vfork() = 8',
      '8 execve("/b", ["b"], 0x7ff /* 1 var */) = 0',
    );
    expect(made(text)).toEqual([
      [7, null, null, 'unknown'],
      [8, 0, null, 'killed'],
      [8, 0, '/b', 'unknown'],
    ]);
  });

  test('what a killed process was about has an unknown result', () => {
    const text = lines('7 open("/fifo", O_RDONLY <unfinished ...>', '7 +++ killed by SIGKILL +++');
    expect(accesses(text)).toEqual(['opened unknown /fifo']);
  });

  test('those that did the same share one list', () => {
    const child = (pid: number): readonly string[] => [
      `7 vfork() = ${pid}`,
      `${pid} execve("/b", ["b"], 0x7ff /* 1 var */) = 0`,
      `${pid} access("/none", R_OK) = -1 ENOENT (No such file or directory)`,
      `${pid} +++ exited with 0 +++`,
    ];
    const { processes, accesses: all } = read('strace', lines(...child(8), ...child(9)));
    expect(processes[1]?.accesses).toBe(processes[2]?.accesses);
    expect(all.map(({ count }) => count)).toEqual([2, 2]);
  });
});

describe('times', () => {
  test.each([
    ['epoch', '1795277510.104187', '1795277511.104187', 1000],
    ['midnight', '23:59:59.500000', '00:00:00.250000', 750],
    ['midnight', '10:00:00', '10:00:02', 2000],
    ['start', '     0.000000', '     1.250000', 1250],
  ])('%s: %s', (origin, first, second, between) => {
    const trace = read('strace', lines(`7 ${first} chdir("/") = 0`, `7 ${second} chdir("/") = 0`));
    const [{ firstAt, lastAt } = { firstAt: null, lastAt: null }] = trace.accesses;
    expect([trace.timeOrigin, (lastAt ?? 0) - (firstAt ?? 0)]).toEqual([origin, between]);
  });

  test('none', () => {
    const { timeOrigin, timeline, accesses: all } = read('strace', 'chdir("/") = 0\n');
    expect([timeOrigin, timeline.buckets, all[0]?.firstAt]).toEqual(['none', [], null]);
  });

  test('a long trace has few buckets, and none of what happened is lost', () => {
    const text = Array.from({ length: 5000 }, (_, n) => `7 ${1e9 + n}.5 access("/x", F_OK) = 0`);
    const { width, buckets } = read('strace', lines(...text)).timeline;
    expect([width, buckets.length <= 512]).toEqual([16384, true]);
    expect(buckets.reduce((sum, { found }) => sum + found, 0)).toBe(5000);
  });
});
