/** Files with traces of system calls, of whatever kind, as one trace. */
import { open, type FileHandle } from 'node:fs/promises';
import { missingTool } from '../host/requirements.ts';
import { runTool, wasAborted, cancelled } from '../host/process.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { BpftraceReader } from '../trace/syscalls/bpftrace-reader.ts';
import type { SyscallTrace, TraceReader } from '../trace/syscalls/model.ts';
import { SyscallRecorder } from '../trace/syscalls/recorder.ts';
import { sandboxEntrance } from '../trace/syscalls/sandbox-entrance.ts';
import { StraceReader } from '../trace/syscalls/strace-reader.ts';
import { SysdigJsonReader } from '../trace/syscalls/sysdig-json-reader.ts';
import { SysdigTextReader } from '../trace/syscalls/sysdig-text-reader.ts';
import { ENOUGH_TO_KNOW, traceKind } from '../trace/syscalls/trace-kind.ts';

/** Bytes read at once. */
const CHUNK = 256 * 1024;

/** Bytes of strace's text until a sandbox is entered: some ten lines for each path that is mounted. */
const MOST_OF_ENTERING = 16 * 1024 * 1024;

const HOW_TO_RECORD = 'strata trace --help says how to record one';

/**
 * Reads the files, one after the other, into one trace: several are the files of one `strace -ff`.
 *
 * @throws StrataError `environment` where a file cannot be read or sysdig is needed and not there, `format` for what is no
 *   trace of system calls, `cancelled`
 */
export async function readSyscallTrace(
  files: readonly string[],
  signal?: AbortSignal,
): Promise<SyscallTrace> {
  const recorder = new SyscallRecorder();
  for (const file of inOrder(files)) await readInto(recorder, file, signal);
  return recorder.trace();
}

/**
 * The same of what a tracer wrote of Strata's own sandboxes, from the moment on in which they were entered. A file in which
 * nothing was written yet is a trace too.
 *
 * @throws StrataError `environment` where sysdig is needed and not there, `cancelled`
 */
export async function readSandboxTrace(
  files: readonly string[],
  signal: AbortSignal,
): Promise<SyscallTrace> {
  const recorder = new SyscallRecorder();
  for (const path of files) {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const beginning = Buffer.alloc(Math.min(size, MOST_OF_ENTERING));
      const { bytesRead } = await file.read(beginning, 0, beginning.length, 0);
      const kind = traceKind(beginning.subarray(0, Math.min(bytesRead, ENOUGH_TO_KNOW)));
      if (kind === 'scap') {
        await readSandboxCapture(recorder, path, signal);
        continue;
      }
      if (kind === 'bpftrace') {
        const reader = new BpftraceReader(recorder, 'sandbox');
        await readAll(file, reader, `reading ${path}`, signal);
        continue;
      }
      const entrance = sandboxEntrance(beginning.subarray(0, bytesRead));
      const reader = new StraceReader(recorder, null);
      reader.write(Buffer.from(entrance?.directory ?? '', 'latin1'));
      await readAll(file, reader, `reading ${path}`, signal, entrance?.offset);
    } finally {
      await file.close();
    }
  }
  return withoutOnlookers(recorder.trace());
}

/** Without processes that do nothing but wait and end: bubblewrap's own, of which only the last lines were read. */
function withoutOnlookers(trace: SyscallTrace): SyscallTrace {
  const kept = trace.processes.filter(
    ({ program, accesses }) => program !== null || accesses.length > 0,
  );
  const ids = new Map(kept.map((process, id) => [process.id, id]));
  return {
    ...trace,
    processes: kept.map((process, id) => ({
      ...process,
      id,
      parent: process.parent === null ? null : (ids.get(process.parent) ?? null),
    })),
  };
}

/** The files of one `strace -ff` by their numbers: makers come before what they made, and hand on what they run. */
function inOrder(files: readonly string[]): readonly string[] {
  return files.toSorted((a, b) => (numberInName(a) ?? 0) - (numberInName(b) ?? 0));
}

async function readInto(
  recorder: SyscallRecorder,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const operation = `reading ${path}`;
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const first = Buffer.alloc(ENOUGH_TO_KNOW);
    const { bytesRead } = await file.read(first, 0, first.length, 0);
    const reader = readerFor(recorder, path, first.subarray(0, bytesRead), operation);
    if (reader === 'scap') await readCapture(new SysdigJsonReader(recorder), path, signal);
    else await readAll(file, reader, operation, signal);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const reason = error.code === 'ENOENT' ? 'there is no such file' : error.message;
    throw new StrataError({ code: 'environment', operation, reason, cause: error });
  } finally {
    await file?.close();
  }
}

function readerFor(
  recorder: SyscallRecorder,
  path: string,
  first: Buffer,
  operation: string,
): TraceReader | 'scap' {
  const kind = traceKind(first);
  switch (kind) {
    case 'strace':
      return new StraceReader(recorder, numberInName(path));
    case 'bpftrace':
      return new BpftraceReader(recorder, 'start');
    case 'sysdig-text':
      return new SysdigTextReader(recorder);
    case 'sysdig-json':
      return new SysdigJsonReader(recorder);
    case 'scap':
      return 'scap';
    case 'ld-debug':
    case null:
      throw new StrataError({
        code: 'format',
        operation,
        reason:
          kind === null
            ? 'it is neither text of strace nor of bpftrace, nor text, JSON or a capture of sysdig'
            : 'it is what LD_DEBUG prints, and tells of libraries alone',
        advice: HOW_TO_RECORD,
      });
  }
}

/** `strace -ff -o trace` writes `trace.4711`, in which no line says that number. */
function numberInName(path: string): number | null {
  const number = /\.(\d{1,7})$/.exec(path)?.[1];
  return number === undefined ? null : Number(number);
}

async function readAll(
  file: FileHandle,
  reader: TraceReader,
  operation: string,
  signal: AbortSignal | undefined,
  from = 0,
): Promise<void> {
  const chunk = Buffer.alloc(CHUNK);
  let at = from;
  for (;;) {
    if (wasAborted(signal)) throw cancelled(operation);
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) break;
    reader.write(chunk.subarray(0, bytesRead));
    at += bytesRead;
  }
  reader.end();
}

/** One that tells of no entrance, as a driver may record few calls, is read whole. */
async function readSandboxCapture(
  recorder: SyscallRecorder,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const reader = new SysdigJsonReader(recorder, 'sandbox');
  await readCapture(reader, path, signal);
  if (!reader.hasEntered) await readCapture(new SysdigJsonReader(recorder), path, signal);
}

/** The format of a capture is sysdig's own affair, and changes: only sysdig reads it. */
async function readCapture(
  reader: SysdigJsonReader,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const operation = `reading ${path} through sysdig`;
  try {
    await runTool({
      operation,
      tool: 'sysdig',
      args: ['-r', path, '-j'],
      onStdout: (chunk) => reader.write(chunk),
      signal,
    });
  } catch (error) {
    const isMissing = error instanceof StrataError && isSystemError(error.cause);
    if (!isMissing) throw error;
    const { reason } = missingTool('sysdig', operation);
    throw new StrataError({
      code: 'environment',
      operation,
      reason: `${reason}, and nothing else reads a .scap`,
      advice: `apt-get install sysdig, or nix-shell -p sysdig\nor, where there is one: sysdig -r ${path} -j > trace.jsonl, and read that`,
      cause: error.cause,
    });
  }
  reader.end();
}
