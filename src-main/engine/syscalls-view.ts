/** A trace of system calls as the protocol carries it: what follows from it, with each program named once. */
import type { SyscallsView } from '../protocol/methods.ts';
import type { Finding } from '../trace/syscalls/answers.ts';
import type { RunSyscalls } from './run-syscalls.ts';
import { syscallProcesses } from './syscall-processes.ts';
import { syscallFindings } from './syscall-findings.ts';

export function syscallsView({ traced, trace }: RunSyscalls): SyscallsView {
  const { missing, missedBy, outside, connections } = syscallFindings(trace);
  const numbers = new Map<string | null, number>();
  const numberOf = (program: string | null): number => {
    const number = numbers.get(program) ?? numbers.size;
    numbers.set(program, number);
    return number;
  };
  const asked = ({ programs, count, firstAt }: Finding) => ({
    programs: programs.map(numberOf),
    count,
    firstAt,
  });
  return {
    traced: [...traced],
    missing: missing.map((file) => ({
      path: file.path,
      kinds: [...file.kinds],
      foundAs: file.foundAs,
      ...asked(file),
    })),
    outside: outside.map((file) => ({ path: file.path, kinds: [...file.kinds], ...asked(file) })),
    connections: connections.map((tried) => ({
      address: tried.text,
      results: [...tried.results],
      ...asked(tried),
    })),
    ...syscallProcesses(trace.processes, missedBy, numberOf),
    // Behind the lists that number them.
    programs: [...numbers.keys()],
    timeline: {
      width: trace.timeline.width,
      buckets: trace.timeline.buckets.map((bucket) => ({ ...bucket })),
    },
    notUnderstood: trace.notUnderstood.lines,
  };
}
