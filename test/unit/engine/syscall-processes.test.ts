// Processes as columns: small however many there are.
import { expect, test } from 'vitest';
import { syscallProcesses } from '../../../src-main/engine/syscall-processes.ts';
import type { TracedProcess } from '../../../src-main/trace/syscalls/model.ts';

function process(id: number, parts: Partial<TracedProcess> = {}): TracedProcess {
  return {
    id,
    pid: 100 + id,
    parent: id === 0 ? null : 0,
    program: '/bin/sh',
    startedAt: null,
    endedAt: null,
    end: { kind: 'unknown' },
    accesses: [],
    ...parts,
  };
}

test('what processes missed alike is one list', () => {
  const all = [
    process(0, { startedAt: 1000, endedAt: 1500, end: { kind: 'exited', status: 2 } }),
    process(1, { end: { kind: 'killed', signal: 'SIGKILL' } }),
    process(2),
  ];
  const missedBy = new Map([
    [1, [4, 7]],
    [2, [4, 7]],
  ]);
  expect(syscallProcesses(all, missedBy, () => 3)).toStrictEqual({
    processes: {
      pids: [100, 101, 102],
      parents: [-1, 0, 0],
      programs: [3, 3, 3],
      ends: [2, 'SIGKILL', null],
      ms: [500, null, null],
      misses: [0, 2, 2],
      missed: [0, 1, 1],
    },
    missed: [[], [4, 7]],
    moreProcesses: 0,
  });
});

test('a message of a hundred thousand processes that all missed much is of some megabytes', () => {
  const all = Array.from({ length: 120_000 }, (_, id) => process(id));
  const missedBy = new Map(
    all.map(({ id }) => [
      id,
      Array.from({ length: 150 }, (_, at) => 10_000 + ((id + at) % 90_000)),
    ]),
  );
  const view = syscallProcesses(all, missedBy, () => 0);
  expect([view.processes.pids.length, view.moreProcesses]).toStrictEqual([100_000, 20_000]);
  expect([view.processes.misses[1], view.missed[1]?.length]).toStrictEqual([150, 100]);
  expect(view.processes.misses.at(-1)).toBe(150);
  expect(JSON.stringify(view).length).toBeLessThan(8e6);
});
