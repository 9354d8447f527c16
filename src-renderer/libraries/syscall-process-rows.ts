/** The processes of a trace of system calls as rows of a tree, each below the one that made it. */
import type { SyscallsView } from '../../src-main/protocol/methods.ts';
import { duration } from '../timeline/duration.ts';

export interface SyscallProcessRow {
  /** Its place in the columns. */
  readonly id: number;
  /** Counted from 1. */
  readonly level: number;
  readonly pid: number;
  /** Null for what the trace does not name. */
  readonly program: string | null;
  readonly failed: boolean;
  /** How it ended: `exit status 1`, `SIGKILL`; empty where it succeeded. */
  readonly result: string;
  /** How long it lived; empty where the trace has no times. */
  readonly took: string;
  readonly misses: number;
  /** Null for one that made none. */
  readonly open: boolean | null;
}

/**
 * @param closed places of those whose children are not listed
 * @param words leave those with these in their program's name or as their number, and those above them
 */
export function syscallProcessRows(
  syscalls: SyscallsView,
  closed: ReadonlySet<number>,
  words: string,
): readonly SyscallProcessRow[] {
  const { pids, parents } = syscalls.processes;
  const kept = words === '' ? null : matching(syscalls, words.toLowerCase());
  const children = new Map<number, number[]>();
  for (const id of pids.keys()) {
    if (kept?.has(id) === false) continue;
    const parent = parents[id] ?? -1;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [id]);
    else siblings.push(id);
  }
  const rows: SyscallProcessRow[] = [];
  // Not by recursion: a chain of processes may be as long as a trace.
  const waiting = (children.get(-1) ?? []).map((id) => ({ id, level: 1 })).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { id, level } = next;
    const below = children.get(id) ?? [];
    const open = below.length === 0 ? null : !closed.has(id);
    rows.push({ ...processAt(syscalls, id), level, open });
    if (open !== true) continue;
    for (const child of below.toReversed()) waiting.push({ id: child, level: level + 1 });
  }
  return rows;
}

/** The files that a process missed, the first ones. */
export function missedFiles(syscalls: SyscallsView, id: number): readonly string[] {
  const list = syscalls.missed[syscalls.processes.missed[id] ?? 0] ?? [];
  return list.flatMap((place) => syscalls.missing[place]?.path ?? []);
}

function processAt(
  { processes, programs }: SyscallsView,
  id: number,
): Omit<SyscallProcessRow, 'level' | 'open'> {
  const end = processes.ends[id] ?? null;
  const ms = processes.ms[id] ?? null;
  return {
    id,
    pid: processes.pids[id] ?? 0,
    program: programs[processes.programs[id] ?? -1] ?? null,
    failed: end !== null && end !== 0,
    result: end === null ? 'not ended' : typeof end === 'string' ? end : exitText(end),
    took: ms === null ? '' : duration(ms),
    misses: processes.misses[id] ?? 0,
  };
}

function exitText(status: number): string {
  return status === 0 ? '' : `exit status ${status}`;
}

function matching({ processes, programs }: SyscallsView, words: string): ReadonlySet<number> {
  const { pids, parents } = processes;
  const kept = new Set<number>();
  for (const [id, pid] of pids.entries()) {
    const program = programs[processes.programs[id] ?? -1] ?? '';
    if (!program.toLowerCase().includes(words) && String(pid) !== words) continue;
    for (let above = id; above >= 0 && !kept.has(above); above = parents[above] ?? -1) {
      kept.add(above);
    }
  }
  return kept;
}
