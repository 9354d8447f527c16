/** `strata trace`: what a trace of system calls tells. */
import { readSyscallTrace } from '../../engine/syscall-trace.ts';
import { syscallFindings } from '../../engine/syscall-findings.ts';
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { renderSyscallTrace, syscallTraceJson } from '../render/render-syscall-trace.ts';
import { jsonText } from '../terminal/json-text.ts';

export interface TraceView {
  readonly format: 'text' | 'json';
  readonly lists: 'short' | 'whole';
}

export async function trace(
  { out, style }: Front,
  files: readonly string[],
  { format, lists }: TraceView,
): Promise<ExitStatus> {
  const read = await readSyscallTrace(files, Interruption.listen().signal);
  const findings = syscallFindings(read);
  if (format === 'json') out.line(jsonText(syscallTraceJson(read, findings)));
  else out.lines(renderSyscallTrace(read, findings, lists, style));
  return 0;
}
