import { describe, expect, test } from 'vitest';
import type { TracedProcessView } from '../../../src-main/protocol/methods.ts';
import { processRows } from '../../../src-renderer/libraries/process-rows.ts';
import type { ShownProcess } from '../../../src-renderer/libraries/lookups.ts';

function ran(
  pid: number,
  program: string | null,
  given: { readonly misses?: number; readonly phase?: string; readonly fatal?: boolean } = {},
): ShownProcess {
  const errors =
    given.fatal === true ? [{ library: 'libx.so', text: 'cannot open', fatal: true }] : [];
  const process: TracedProcessView = {
    pid,
    program,
    parent: null,
    phase: given.phase ?? 'buildPhase',
    lookups: 0,
    errors,
  };
  return { process, misses: given.misses ?? 0 };
}

const says = (rows: ReturnType<typeof processRows>): readonly string[] =>
  rows.map((row) =>
    row.kind === 'program'
      ? `${row.open ? 'v' : '>'} ${row.shown.process.program ?? '?'} ×${row.processes.length}, ${row.failed} failed, shows ${row.shown.process.pid}`
      : `${'  '.repeat(row.level - 1)}${row.shown.process.program ?? '?'} ${row.shown.process.pid}`,
  );

describe('processRows', () => {
  test('lists a program that ran often once, and what ran of it where it is open', () => {
    const processes = [ran(1, '/bin/sh'), ran(2, '/bin/cc'), ran(3, '/bin/sh', { misses: 2 })];
    expect(says(processRows(processes, new Set()))).toStrictEqual([
      '> /bin/sh ×2, 1 failed, shows 3',
      '/bin/cc 2',
    ]);
    const [sh] = processRows(processes, new Set());
    expect(says(processRows(processes, new Set([sh?.key ?? ''])))).toStrictEqual([
      'v /bin/sh ×2, 1 failed, shows 3',
      '  /bin/sh 1',
      '  /bin/sh 3',
      '/bin/cc 2',
    ]);
  });

  test('tells phases apart, and processes without a name', () => {
    const processes = [
      ran(1, 'make'),
      ran(2, 'make', { phase: 'checkPhase' }),
      ran(3, null),
      ran(4, null),
    ];
    expect(says(processRows(processes, new Set()))).toStrictEqual([
      'make 1',
      'make 2',
      '? 3',
      '? 4',
    ]);
  });

  test('counts an error as a failure though nothing was missing', () => {
    const processes = [ran(1, 'a'), ran(2, 'a', { fatal: true })];
    expect(says(processRows(processes, new Set()))).toStrictEqual(['> a ×2, 1 failed, shows 2']);
  });

  test('keys are unique among ten thousand processes', () => {
    const processes = Array.from({ length: 10_000 }, (_, at) => ran(at, `/bin/p${at % 7}`));
    const programs = processRows(processes, new Set());
    const rows = processRows(processes, new Set(programs.map(({ key }) => key)));
    expect(rows.length).toBe(10_007);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  });
});
