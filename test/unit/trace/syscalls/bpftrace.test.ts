// What bpftrace 0.17 printed of a script (recordings/record-bpftrace.sh), and lines of its kind.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BpftraceReader } from '../../../../src-main/trace/syscalls/bpftrace-reader.ts';
import type { SyscallTrace } from '../../../../src-main/trace/syscalls/model.ts';
import { SyscallRecorder } from '../../../../src-main/trace/syscalls/recorder.ts';
import { traceKind } from '../../../../src-main/trace/syscalls/trace-kind.ts';
import { done, read } from './reading.ts';

const recording = readFileSync(join(import.meta.dirname, 'recordings', 'bpftrace.jsonl'));

describe('a script that was recorded', () => {
  const trace = read('bpftrace', recording);

  test('is recognised, and every line is understood', () => {
    expect(traceKind(recording)).toBe('bpftrace');
    expect(trace.notUnderstood).toEqual({ lines: 0, samples: [] });
  });

  test('one tree, whose processes have ended as they did', () => {
    const shell = trace.processes.find(({ end }) => end.kind === 'exited' && end.status === 7);
    expect(shell).toMatchObject({ program: '/usr/bin/bash' });
    const ends = trace.processes
      .filter(({ parent }) => parent === shell?.id)
      .map(({ end }) =>
        end.kind === 'exited' ? end.status : end.kind === 'killed' ? end.signal : end.kind,
      );
    // Those that end well are mkdir and the substitutions.
    expect(ends.filter((end) => end !== 0)).toEqual([1, 1, 1, 1, 'SIGKILL', 5]);
  });

  test('files, relative ones by their whole path, whatever their names', () => {
    expect(done(trace, '/tmp/recorded/there')).toEqual(['opened ok']);
    expect(done(trace, '/tmp/recorded/absent')).toEqual(['opened ENOENT']);
    expect(done(trace, '/tmp/recorded/deep/none')).toEqual(['opened ENOENT']);
    expect(done(trace, '/tmp/recorded/a line\nfeed and caf\udce9')).toEqual(['opened ENOENT']);
    expect(done(trace, '/tmp/recorded/made/later')).toEqual(['written ok']);
    expect(done(trace, '/tmp/recorded/made')).toContain('created ok');
    expect(done(trace, '/tmp/recorded/made/moved')).toContain('created ok');
    expect(new Set(done(trace, '/lib/x86_64-linux-gnu/libc.so.6'))).toEqual(
      new Set(['opened ok', 'mapped ok']),
    );
  });

  test('a path that bpftrace cut off says so', () => {
    expect(done(trace, `/tmp/recorded/${'0'.repeat(199)}…`)).toEqual(['opened ENOENT']);
  });

  test('connections', () => {
    const tried = trace.accesses.flatMap((access) =>
      access.kind === 'connected' ? [[access.address, access.result]] : [],
    );
    expect(tried).toEqual([
      [{ family: 'unix', path: '/var/run/nscd/socket' }, 'ENOENT'],
      [{ family: 'inet', host: '127.0.0.1', port: 9 }, 'ECONNREFUSED'],
      [{ family: 'inet6', host: '::1', port: 9 }, 'ECONNREFUSED'],
    ]);
  });

  test('times are of the day it was made', () => {
    expect(trace.timeOrigin).toBe('epoch');
    const [first] = trace.processes;
    expect(new Date(first?.startedAt ?? 0).getUTCFullYear()).toBe(2026);
  });
});

const lines = (...texts: readonly string[]): string =>
  ['strata 1000000000 1700000000', ...texts]
    .map((data) => `${JSON.stringify({ type: 'printf', data: `${data}\n` })}\n`)
    .join('');

test('descriptors are followed: a directory, its copy, and what is no longer open', () => {
  const trace = read(
    'bpftrace',
    lines(
      '1 7 tracepoint:syscalls:sys_exit_openat 3 -100 65536 /usr',
      '1 7 dup 3 9',
      '1 7 tracepoint:syscalls:sys_enter_close 3',
      '1 7 tracepoint:syscalls:sys_exit_openat -2 9 0 lib',
      '1 7 tracepoint:syscalls:sys_exit_openat -2 3 0 bin',
    ),
  );
  expect([done(trace, '/usr/lib'), done(trace, 'bin')]).toEqual([
    ['opened ENOENT'],
    ['opened ENOENT'],
  ]);
});

test('what a process does whose path is forged by another is its own', () => {
  const trace = read(
    'bpftrace',
    lines('1 7 tracepoint:syscalls:sys_exit_openat -2 -100 0 /x\n2 8 exec /bin/forged'),
  );
  expect(trace.processes.map(({ pid, program }) => [pid, program])).toEqual([[7, null]]);
});

test('lost events are told', () => {
  const lost = '{"type": "lost_events", "data": {"events": 12}}\n';
  expect(read('bpftrace', lines(), lost).notUnderstood).toEqual({
    lines: 1,
    samples: [lost.trim()],
  });
});

test('what enters a sandbox is left out, and its directory is known', () => {
  const recorder = new SyscallRecorder();
  const reader = new BpftraceReader(recorder, 'sandbox');
  reader.write(
    Buffer.from(
      lines(
        '1 5 exec /usr/bin/bwrap',
        '1 5 fork 6',
        '1 6 pivot_root',
        '1 6 tracepoint:syscalls:sys_exit_chdir 0 -100 0 /build',
        '1 6 tracepoint:syscalls:sys_exit_execve -2 -100 0 /usr/local/bin/bash',
        '1 6 exec /bin/bash',
        '1 6 fork 7',
        '1 7 tracepoint:syscalls:sys_exit_openat -2 -100 0 file',
        '1 5 exit',
      ),
    ),
  );
  reader.end();
  const trace: SyscallTrace = recorder.trace();
  expect(trace.processes.map(({ pid, parent, program }) => [pid, parent, program])).toEqual([
    [6, null, '/bin/bash'],
    [7, 0, '/bin/bash'],
  ]);
  expect(trace.accesses.map((access) => (access.kind === 'connected' ? '' : access.path))).toEqual([
    '/bin/bash',
    '/build/file',
  ]);
});
