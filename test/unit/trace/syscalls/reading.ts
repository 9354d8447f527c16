/** Texts read by the readers, for the tests. */
import { BpftraceReader } from '../../../../src-main/trace/syscalls/bpftrace-reader.ts';
import type { SyscallTrace, TraceReader } from '../../../../src-main/trace/syscalls/model.ts';
import { SyscallRecorder } from '../../../../src-main/trace/syscalls/recorder.ts';
import { StraceReader } from '../../../../src-main/trace/syscalls/strace-reader.ts';
import { SysdigJsonReader } from '../../../../src-main/trace/syscalls/sysdig-json-reader.ts';
import { SysdigTextReader } from '../../../../src-main/trace/syscalls/sysdig-text-reader.ts';

export const READERS = {
  strace: (recorder: SyscallRecorder): TraceReader => new StraceReader(recorder),
  bpftrace: (recorder: SyscallRecorder): TraceReader => new BpftraceReader(recorder, 'start'),
  'sysdig-text': (recorder: SyscallRecorder): TraceReader => new SysdigTextReader(recorder),
  'sysdig-json': (recorder: SyscallRecorder): TraceReader => new SysdigJsonReader(recorder),
};

export type ReaderName = keyof typeof READERS;

export function read(kind: ReaderName, ...chunks: readonly (string | Uint8Array)[]): SyscallTrace {
  const recorder = new SyscallRecorder();
  const reader = READERS[kind](recorder);
  for (const chunk of chunks) reader.write(Buffer.from(chunk));
  reader.end();
  return recorder.trace();
}

/** The files, each with the number at the end of its name, as `strace -ff` writes them. */
export function readSplit(
  files: readonly (readonly [pid: number, text: Uint8Array])[],
): SyscallTrace {
  const recorder = new SyscallRecorder();
  for (const [pid, text] of files) {
    const reader = new StraceReader(recorder, pid);
    reader.write(Buffer.from(text));
    reader.end();
  }
  return recorder.trace();
}

/** What was done to a path: `opened ENOENT`. */
export function done(trace: SyscallTrace, path: string): readonly string[] {
  return trace.accesses.flatMap((access) =>
    access.kind !== 'connected' && access.path === path ? [`${access.kind} ${access.result}`] : [],
  );
}
