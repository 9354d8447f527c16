/** Processes of a trace of system calls as columns, with what each missed: messages stay small however many there are. */
import type { SyscallsView } from '../protocol/methods.ts';
import type { ProcessEnd, TracedProcess } from '../trace/syscalls/model.ts';
import type { SyscallFindings } from './syscall-findings.ts';

/** More are counted. */
const MOST_PROCESSES = 100_000;
/** Of one process; more are counted. */
const MOST_MISSED = 100;
/** Of all lists together: some megabytes. */
const MOST_PLACES = 500_000;

/** @param numberOf gives a program its place in the view's list */
export function syscallProcesses(
  all: readonly TracedProcess[],
  missedBy: SyscallFindings['missedBy'],
  numberOf: (program: string | null) => number,
): Pick<SyscallsView, 'processes' | 'missed' | 'moreProcesses'> {
  const processes = all.slice(0, MOST_PROCESSES);
  const lists = new SharedLists();
  const missedOf = ({ id }: TracedProcess): readonly number[] => missedBy.get(id) ?? [];
  return {
    processes: {
      pids: processes.map(({ pid }) => pid),
      parents: processes.map(({ parent }) =>
        parent === null || parent >= MOST_PROCESSES ? -1 : parent,
      ),
      programs: processes.map(({ program }) => numberOf(program)),
      ends: processes.map(({ end }) => endOf(end)),
      ms: processes.map(({ startedAt, endedAt }) =>
        startedAt === null || endedAt === null ? null : Math.max(0, endedAt - startedAt),
      ),
      misses: processes.map((process) => missedOf(process).length),
      missed: processes.map((process) => lists.place(missedOf(process).slice(0, MOST_MISSED))),
    },
    missed: lists.lists,
    moreProcesses: all.length - processes.length,
  };
}

function endOf(end: ProcessEnd): number | string | null {
  switch (end.kind) {
    case 'exited':
      return end.status;
    case 'killed':
      return end.signal;
    case 'unknown':
      return null;
  }
}

/** Equal lists once, the empty one first: what goes beyond the bound is counted and not listed. */
class SharedLists {
  readonly lists: number[][] = [[]];
  readonly #places = new Map<string, number>([['', 0]]);
  #size = 0;

  place(list: readonly number[]): number {
    const key = list.join();
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    if (this.#size + list.length > MOST_PLACES) return 0;
    this.#size += list.length;
    const place = this.lists.push([...list]) - 1;
    this.#places.set(key, place);
    return place;
  }
}
