/** What a person sees when a shell opens. */
import type { PhaseRecord } from '../phases/phase-record.ts';

/** A few lines: where one is, how to go on, what becomes of changes. */
export function greeting(record: PhaseRecord, keep: string | null): string {
  const { phase, failure } = record;
  const where =
    failure === null
      ? `The state after ${phase}.`
      : `The state in which ${phase} failed${failure.command === null ? '' : ` at: ${printable(failure.command)}`}`;
  const again = phase === 'setup' ? '' : `runPhase ${phase} runs it again; `;
  const changes =
    keep === null ? 'changes are thrown away at the end' : `changes are kept as ${keep}`;
  return `${where}\n${again}exit leaves; ${changes}.`;
}

/** The prompt: phase, directory, and a mark that differs after a failure. */
export function prompt(record: PhaseRecord): string {
  const mark = record.status === 'failed' ? '✗' : '✓';
  return `\\[\\e[2m\\]strata\\[\\e[0m\\] ${record.phase} ${mark} \\[\\e[1m\\]\\w\\[\\e[0m\\] \\$ `;
}

/** A command in one line, without control characters: it was written by whoever wrote the build. */
function printable(command: string): string {
  const line = command.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
