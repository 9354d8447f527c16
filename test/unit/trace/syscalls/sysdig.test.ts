// A capture of curl (from the tests of falcosecurity/libs) as two versions of sysdig print it: one and the same must be read.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  addressText,
  connections,
  missingFiles,
} from '../../../../src-main/trace/syscalls/answers.ts';
import { SyscallRecorder } from '../../../../src-main/trace/syscalls/recorder.ts';
import { SysdigJsonReader } from '../../../../src-main/trace/syscalls/sysdig-json-reader.ts';
import { traceKind } from '../../../../src-main/trace/syscalls/trace-kind.ts';
import { done, read } from './reading.ts';

const fixtures = resolve(import.meta.dirname, '../../../../../shared/fixtures/sysdig');
const are = existsSync(fixtures);
const recorded = (name: string): Buffer => readFileSync(join(fixtures, name));

describe.skipIf(!are)(`curl by sysdig${are ? '' : ` (skipped: ${fixtures} is not here)`}`, () => {
  test.each([
    ['sysdig-0.29.3.txt', 'sysdig-text'],
    ['sysdig-0.41.4.txt', 'sysdig-text'],
    ['sysdig-0.41.4.jsonl', 'sysdig-json'],
  ] as const)('%s', (name, kind) => {
    expect(traceKind(recorded(name))).toBe(kind);
    const trace = read(kind, recorded(name));
    expect({
      processes: trace.processes.map(({ pid, parent, program, end }) => [
        pid,
        parent,
        program,
        end,
      ]),
      missing: missingFiles(trace).map(({ path, count }) => [path, count]),
      connections: connections(trace).map(({ address, results }) => [
        addressText(address),
        results,
      ]),
      library: done(trace, '/lib/x86_64-linux-gnu/libz.so.1'),
      notUnderstood: trace.notUnderstood,
    }).toEqual({
      // Thread 17498 asked for the name; it is of the same process.
      processes: [[17497, null, 'curl', { kind: 'exited', status: 0 }]],
      missing: [
        ['/etc/ld.so.nohwcap', 38],
        ['/etc/ld.so.preload', 1],
        ['/home/ubuntu/.curlrc', 1],
      ],
      connections: [
        ['/var/run/nscd/socket', ['ENOENT']],
        ['[2001:4860:4860::8888]:53', ['ok']],
        ['[2607:f8b0:4004:802::2004]:80', ['EINPROGRESS']],
      ],
      library: ['opened ok', 'mapped ok'],
      notUnderstood: { lines: 0, samples: [] },
    });
  });

  test('versions agree on every access and how often it was made', () => {
    const [old, text, json] = [
      read('sysdig-text', recorded('sysdig-0.29.3.txt')),
      read('sysdig-text', recorded('sysdig-0.41.4.txt')),
      read('sysdig-json', recorded('sysdig-0.41.4.jsonl')),
    ].map(({ accesses }) => accesses.map((access) => ({ ...access, firstAt: null, lastAt: null })));
    expect(text).toEqual(old);
    expect(json).toEqual(text);
  });

  test('a capture is known by its beginning, compressed as it is', () => {
    expect(traceKind(recorded('curl_google.scap').subarray(0, 65536))).toBe('scap');
  });
});

describe('events', () => {
  const event = (type: string, fields: string): string => `1 0.5 0 sh (7) < ${type} ${fields}\n`;

  test.each([
    [
      'openat',
      'fd=3(<f>/w/a) dirfd=-100(AT_FDCWD) name=a(/w/a) flags=1(O_RDONLY) mode=0',
      'opened ok /w/a',
    ],
    [
      'openat',
      'fd=-2(ENOENT) dirfd=-100(AT_FDCWD) name=/a b flags=1(O_RDONLY) mode=0',
      'opened ENOENT /a b',
    ],
    ['rename', 'res=0 oldpath=/a newpath=/b', 'created ok /b'],
    ['mkdir', 'res=-17(EEXIST) path=/a', 'created EEXIST /a'],
  ])('%s %s', (type, fields, expected) => {
    const { accesses } = read('sysdig-text', event(type, fields));
    expect(
      accesses.map((access) =>
        access.kind === 'connected' ? '' : `${access.kind} ${access.result} ${access.path}`,
      ),
    ).toEqual([expected]);
  });

  test('children and signals', () => {
    const text =
      event('clone', 'res=8(sh) exe=sh tid=7(sh) pid=7(sh) ptid=1(init) flags=0') +
      '2 0.6 0 sh (8) < clone res=0 exe=sh tid=8(sh) pid=8(sh) ptid=7(sh) flags=0\n' +
      '3 0.7 0 x (8) < execve res=0 exe=x cwd=/w filename=/bin/x\n' +
      '4 0.8 0 x (8) > procexit status=9\n';
    expect(
      read('sysdig-text', text).processes.map(({ pid, parent, program, end }) => [
        pid,
        parent,
        program,
        end,
      ]),
    ).toEqual([
      [7, null, 'sh', { kind: 'unknown' }],
      [8, 0, '/bin/x', { kind: 'killed', signal: 'SIGKILL' }],
    ]);
  });
});

test('what enters a sandbox is left out, and numbers that are counted in it are not taken for others', () => {
  const recorder = new SyscallRecorder();
  const reader = new SysdigJsonReader(recorder, 'sandbox');
  const event = (tid: number, type: string, info: string, dir = '<'): string =>
    `${JSON.stringify({ 'evt.dir': dir, 'evt.type': type, 'evt.info': info, 'thread.tid': tid, 'proc.name': 'x' })}\n`;
  reader.write(
    Buffer.from(
      [
        event(50, 'execve', 'res=0 filename=/usr/bin/bwrap'),
        event(
          50,
          'openat',
          'fd=-2(ENOENT) dirfd=-100(AT_FDCWD) name=/etc/outside flags=1(O_RDONLY)',
        ),
        event(60, 'pivot_root', 'ID=155(pivot_root)', '>'),
        event(60, 'chdir', 'res=0 path=/build'),
        event(60, 'execve', 'res=-2(ENOENT) filename=/usr/local/bin/bash'),
        event(60, 'execve', 'res=0 filename=/bin/bash ptid=50(bwrap)'),
        event(60, 'clone', 'res=3 tid=60(bash) pid=60(bash) ptid=50(bwrap) flags=0'),
        event(70, 'clone', 'res=0 tid=70(bash) pid=70(bash) ptid=60(bash) flags=0'),
        event(70, 'openat', 'fd=-2(ENOENT) dirfd=-100(AT_FDCWD) name=/inside flags=1(O_RDONLY)'),
        event(70, 'procexit', 'status=256', '>'),
        event(50, 'procexit', 'status=0', '>'),
      ].join(''),
    ),
  );
  reader.end();
  const trace = recorder.trace();
  expect(reader.hasEntered).toBe(true);
  expect(
    trace.processes.map(({ pid, parent, program, end }) => [pid, parent, program, end]),
  ).toEqual([
    [60, null, '/bin/bash', { kind: 'unknown' }],
    [70, 0, '/bin/bash', { kind: 'exited', status: 1 }],
  ]);
  expect(trace.accesses.map((access) => (access.kind === 'connected' ? '' : access.path))).toEqual([
    '/bin/bash',
    '/inside',
  ]);
});
