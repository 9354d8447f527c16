/** `strata trace`: what a trace of system calls tells. */
import { existsSync } from 'node:fs';
import { readSyscallTrace } from '../../engine/syscall-trace.ts';
import { syscallFindings } from '../../engine/syscall-findings.ts';
import type { SyscallTrace } from '../../engine/types.ts';
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { renderSyscallTrace, syscallTraceJson } from '../render/render-syscall-trace.ts';
import { jsonText } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export interface TraceView {
  readonly format: 'text' | 'json';
  readonly lists: 'short' | 'whole';
}

/** @param what files, or one run or phase of a run; none for the last run */
export async function trace(
  { out, style }: Front,
  what: readonly string[],
  { format, lists }: TraceView,
): Promise<ExitStatus> {
  const read = await traceOf(what, Interruption.listen().signal);
  const findings = syscallFindings(read);
  if (format === 'json') out.line(jsonText(syscallTraceJson(read, findings)));
  else out.lines(renderSyscallTrace(read, findings, lists, style));
  return 0;
}

/** A word that is no file names a run. */
async function traceOf(what: readonly string[], signal: AbortSignal): Promise<SyscallTrace> {
  const [word = 'last', ...others] = what;
  if (others.length > 0 || (what.length > 0 && existsSync(word))) {
    return readSyscallTrace(what, signal);
  }
  return (await withEngine((engine) => engine.syscalls(word, signal))).trace;
}
