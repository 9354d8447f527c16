/**
 * Processes as a tree of two levels: a program with what ran of it. LD_DEBUG tells no parents, and a configure script starts one
 * shell ten thousand times: what one looks for is the program.
 */
import type { ShownProcess } from './lookups.ts';

export type ProcessRow =
  | {
      readonly kind: 'program';
      readonly key: string;
      readonly open: boolean;
      readonly processes: readonly ShownProcess[];
      /** Those of them that did not find something, or ended by an error. */
      readonly failed: number;
      /** Whose lookups stand for all: the first that failed, or the first. */
      readonly shown: ShownProcess;
    }
  | {
      readonly kind: 'process';
      readonly key: string;
      readonly level: 1 | 2;
      readonly shown: ShownProcess;
    };

/** @param open keys of the programs whose processes are listed */
export function processRows(
  processes: readonly ShownProcess[],
  open: ReadonlySet<string>,
): readonly ProcessRow[] {
  const programs = new Map<string, ShownProcess[]>();
  for (const shown of processes) {
    const { program, phase, pid } = shown.process;
    // What the trace does not name may be anything.
    const key = `${phase ?? ''}\n${program ?? `process ${pid}`}`;
    const known = programs.get(key);
    if (known === undefined) programs.set(key, [shown]);
    else known.push(shown);
  }
  const rows: ProcessRow[] = [];
  for (const [key, ran] of programs) {
    const [first] = ran;
    if (first === undefined) continue;
    if (ran.length === 1) {
      rows.push({ kind: 'process', key, level: 1, shown: first });
      continue;
    }
    const failing = ran.filter(hasFailed);
    const isOpen = open.has(key);
    rows.push({
      kind: 'program',
      key,
      open: isOpen,
      processes: ran,
      failed: failing.length,
      shown: failing[0] ?? first,
    });
    if (!isOpen) continue;
    for (const [at, shown] of ran.entries()) {
      rows.push({ kind: 'process', key: `${key}\n${at}`, level: 2, shown });
    }
  }
  return rows;
}

/** Whether a process did not find something, or tells of an error. */
export function hasFailed({ misses, process }: ShownProcess): boolean {
  return misses > 0 || process.errors.length > 0;
}
