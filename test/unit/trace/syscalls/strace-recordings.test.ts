// One script, recorded by strace with different options (recordings/record.sh): the same must be read from each.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  addressText,
  connections,
  missingFiles,
} from '../../../../src-main/trace/syscalls/answers.ts';
import type { SyscallTrace } from '../../../../src-main/trace/syscalls/model.ts';
import { traceKind } from '../../../../src-main/trace/syscalls/trace-kind.ts';
import { done, read, readSplit } from './reading.ts';

const recordings = join(import.meta.dirname, 'recordings');
const recorded = (name: string): Buffer => readFileSync(join(recordings, name));
const names = readdirSync(recordings).filter((name) => name.endsWith('.txt'));
const parts = readdirSync(recordings)
  .filter((name) => name.startsWith('split.'))
  .sort();
const split = parts.map((name) => [Number(name.slice(6)), recorded(name)] as const);

const traces: readonly (readonly [string, SyscallTrace])[] = [
  ...names.map((name) => [name, read('strace', recorded(name))] as const),
  ['the files of -ff', readSplit(split)],
  ['the files of -ff, backwards', readSplit(split.toReversed())],
];

describe.each(traces)('%s', (name, trace) => {
  test('processes as a tree, with their programs and ends', () => {
    const programOf = (id: number | null): string | null =>
      id === null ? null : (trace.processes[id]?.program ?? null);
    const processes = trace.processes.map(({ parent, program, end }) => [
      programOf(parent),
      program,
      end.kind === 'exited' ? end.status : end.kind === 'killed' ? end.signal : end.kind,
    ]);
    const made: unknown[] = [
      [null, '/usr/bin/sh', 3],
      ['/usr/bin/sh', '/usr/bin/cat', 1],
      // The subshell ran its last command in its own place.
      ['/usr/bin/sh', '/usr/bin/cat', 1],
      ['/usr/bin/cat', '/usr/bin/sh', 0],
      ['/usr/bin/sh', '/usr/bin/bash', 1],
      ['/usr/bin/sh', '/usr/bin/sh', 'SIGKILL'],
      ['/usr/bin/sh', '/usr/bin/mkdir', 0],
      ['/usr/bin/sh', '/usr/bin/mv', 0],
      ['/usr/bin/sh', '/usr/bin/cat', 1],
    ];
    if (name.includes('backwards')) {
      processes.reverse();
      // Who made it had executed nothing yet that was read before.
      made[3] = ['/usr/bin/cat', null, 0];
    }
    expect(processes).toEqual(made);
  });

  test('files by their whole path, with what became of them', () => {
    const place = '/tmp/strata-recording';
    expect({
      present: done(trace, `${place}/present`),
      absent: done(trace, `${place}/absent`),
      here: done(trace, `${place}/sub/here`),
      stray: done(trace, `${place}/sub/caf\udce9`),
      made: done(trace, `${place}/late`).includes('created ok'),
      renamed: done(trace, `${place}/later`).includes('created ok'),
      within: done(trace, `${place}/later/ja`),
    }).toEqual({
      present: ['opened ok'],
      absent: ['opened ENOENT'],
      here: ['opened ok'],
      stray: ['opened ENOENT'],
      made: true,
      renamed: true,
      within: ['opened ENOENT'],
    });
  });

  test('libraries that were mapped, also where descriptors have no names', () => {
    const mapped = trace.accesses.filter(({ kind }) => kind === 'mapped');
    expect(mapped.map((access) => (access.kind === 'connected' ? '' : access.path)).join()).toMatch(
      /libc\.so\.6/,
    );
  });

  test('missing and never made, and the connection that was refused', () => {
    const missing = missingFiles(trace).map(({ path }) => path);
    expect(missing).toContain('/tmp/strata-recording/absent');
    expect(missing).not.toContain('/tmp/strata-recording/later');
    expect(
      connections(trace)
        // With a name service daemon as root, and without as somebody else.
        .filter(({ address }) => address.family !== 'unix')
        .map(({ address, results, programs }) => [addressText(address), results, programs]),
    ).toEqual([['127.0.0.1:1', ['ECONNREFUSED'], ['/usr/bin/bash']]]);
  });

  test('all is understood but what the programs printed themselves', () => {
    const { lines } = trace.notUnderstood;
    if (name === 'standard-error.txt') expect(lines).toBeLessThan(16);
    else expect(trace.notUnderstood).toEqual({ lines: 0, samples: [] });
  });
});

test.each([...names, ...parts])('%s is known for strace’s', (name) => {
  expect(traceKind(recorded(name))).toBe('strace');
});
