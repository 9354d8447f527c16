/** What the Libraries pane makes of system calls. */
import { describe, expect, it } from 'vitest';
import type { SyscallsView } from '../../../src-main/protocol/methods.ts';
import {
  missedFiles,
  syscallProcessRows,
} from '../../../src-renderer/libraries/syscall-process-rows.ts';
import {
  filteredRows,
  programNames,
  syscallRows,
  timelineLanes,
  timelineText,
  type SyscallRow,
} from '../../../src-renderer/libraries/syscalls.ts';

const syscalls: SyscallsView = {
  traced: ['checkPhase'],
  programs: ['/bin/bash', '/build/src/render', null],
  missing: [
    {
      path: '/run/driver/lib',
      kinds: ['sought', 'opened'],
      programs: [1],
      count: 3,
      firstAt: 1300,
      foundAs: null,
    },
    {
      path: '/usr/local/bin/make',
      kinds: ['executed'],
      programs: [0, 2],
      count: 1,
      firstAt: null,
      foundAs: '/usr/bin/make',
    },
  ],
  processes: {
    pids: [10, 11, 12, 13],
    parents: [-1, 0, 1, 0],
    programs: [0, 1, 2, 0],
    ends: [2, 1, 'SIGSEGV', 0],
    ms: [1000, 500, null, 20],
    misses: [0, 1, 0, 0],
    missed: [0, 1, 0, 0],
  },
  missed: [[], [0]],
  moreProcesses: 0,
  outside: [{ path: '/etc/passwd', kinds: ['mapped'], programs: [0], count: 1, firstAt: 1000 }],
  connections: [
    { address: '[::1]:80', results: ['ok', 'EACCES'], programs: [1], count: 2, firstAt: 1500 },
  ],
  timeline: {
    width: 100,
    buckets: [
      { at: 1000, found: 4, missing: 0, refused: 0, connections: 0 },
      { at: 1500, found: 16, missing: 2, refused: 0, connections: 1 },
      { at: 2300, found: 0, missing: 2, refused: 0, connections: 0 },
    ],
  },
  notUnderstood: 0,
};

describe('the rows', () => {
  it('are of one subject, in the words of people', () => {
    expect(syscallRows(syscalls, 'missing')[0]).toStrictEqual({
      name: '/run/driver/lib',
      how: 'asked about, opened',
      programs: ['/build/src/render'],
      count: 3,
      firstAt: 1300,
      foundAs: null,
    } satisfies SyscallRow);
    expect(syscallRows(syscalls, 'outside').map(({ name }) => name)).toStrictEqual(['/etc/passwd']);
    expect(syscallRows(syscalls, 'connections').map(({ name, how }) => [name, how])).toStrictEqual([
      ['[::1]:80', 'connected, EACCES'],
    ]);
  });

  it('keep what was found elsewhere apart from what was found nowhere', () => {
    expect(syscallRows(syscalls, 'missing').map(({ name }) => name)).toStrictEqual([
      '/run/driver/lib',
    ]);
    expect(syscallRows(syscalls, 'elsewhere').map((row) => [row.name, row.foundAs])).toStrictEqual([
      ['/usr/local/bin/make', '/usr/bin/make'],
    ]);
  });

  it('are found by path and program', () => {
    const rows = [...syscallRows(syscalls, 'missing'), ...syscallRows(syscalls, 'elsewhere')];
    const named = (words: string) => filteredRows(rows, words).map(({ name }) => name);
    expect(named('')).toStrictEqual(['/run/driver/lib', '/usr/local/bin/make']);
    expect(named('DRIVER')).toStrictEqual(['/run/driver/lib']);
    expect(named('bash')).toStrictEqual(['/usr/local/bin/make']);
  });

  it('name a few programs', () => {
    expect(programNames(['/bin/bash', '/usr/bin/bash', null], 2)).toBe('bash, the sandbox');
    expect(programNames(['/a', '/b', '/c'], 1)).toBe('a and 2 more');
  });
});

describe('the time line', () => {
  it('has lanes, each as high as its own most, and each event to be seen', () => {
    const lanes = timelineLanes(syscalls.timeline);
    expect(lanes?.span).toBe(1400);
    expect(
      lanes?.lanes.map(({ what, total, heights }) => [what, total, heights.filter(Boolean)]),
    ).toStrictEqual([
      ['found', 20, [0.5, 1]],
      ['missing', 4, [1, 1]],
      ['connections', 1, [1]],
    ]);
  });

  it('is told in words', () => {
    const lanes = timelineLanes(syscalls.timeline);
    expect(lanes === null ? '' : timelineText(lanes)).toBe(
      'Accesses to files and connections in 1.4 s: found 20, most 0.5 s after the start; not found 4, most 0.5 s after the start; connections 1, most 0.5 s after the start',
    );
  });

  it('is not there for a trace without times', () => {
    expect(timelineLanes({ width: 1, buckets: [] })).toBeNull();
  });
});

describe('the processes', () => {
  const rows = (closed: readonly number[] = [], words = '') =>
    syscallProcessRows(syscalls, new Set(closed), words).map(
      ({ level, program, pid, result, took, misses, open }) =>
        `${'  '.repeat(level - 1)}${open === null ? '' : open ? 'v ' : '> '}${program ?? '?'} ${pid} ${result} ${took} ${misses}`,
    );

  it('are below what made them, each with how it ended and what it missed', () => {
    expect(rows()).toStrictEqual([
      'v /bin/bash 10 exit status 2 1.0 s 0',
      '  v /build/src/render 11 exit status 1 0.5 s 1',
      '    ? 12 SIGSEGV  0',
      '  /bin/bash 13  20 ms 0',
    ]);
    expect(missedFiles(syscalls, 1)).toStrictEqual(['/run/driver/lib']);
    expect(missedFiles(syscalls, 0)).toStrictEqual([]);
  });

  it('are left out where what made them is closed', () => {
    expect(rows([1])).toStrictEqual([
      'v /bin/bash 10 exit status 2 1.0 s 0',
      '  > /build/src/render 11 exit status 1 0.5 s 1',
      '  /bin/bash 13  20 ms 0',
    ]);
  });

  it('are filtered with those above them', () => {
    expect(rows([], 'RENDER')).toStrictEqual([
      'v /bin/bash 10 exit status 2 1.0 s 0',
      '  /build/src/render 11 exit status 1 0.5 s 1',
    ]);
    expect(rows([], '13')).toHaveLength(2);
    expect(rows([], 'nothing')).toStrictEqual([]);
  });
});
