/** What a person sees when a shell opens. */
import type { PhaseRecord } from '../phases/phase-record.ts';
import type { ShellState } from '../phases/shell-state.ts';
import { whySkipped } from '../phases/skipped-phase.ts';

/** What becomes of a shell's changes at its end. */
export type ChangesFate = 'discarded' | 'asked' | { readonly keptAs: string };

/** A few lines: where one is, how to go on, what becomes of changes. */
export function greeting(record: PhaseRecord, state: ShellState, fate: ChangesFate): string {
  const { phase, failure } = record;
  const where =
    failure === null
      ? `The state after ${phase}.`
      : `The state in which ${phase} failed${failure.command === null ? '' : ` at: ${printable(failure.command)}`}`;
  const again = phase === 'setup' ? [] : [`runPhase ${phase} runs it again`];
  const next = failure === null ? nextPhase(record, state) : null;
  const on = next === null ? [] : [`runPhase ${next} runs what comes next`];
  return `${where}\n${[...again, ...on, 'exit leaves', fateText(fate)].join('; ')}.`;
}

/** The phase whose turn comes. */
function nextPhase({ phase, phases }: PhaseRecord, state: ShellState): string | null {
  const later = phases.slice(phases.indexOf(phase) + 1);
  return later.find((one) => whySkipped(one, state) === null) ?? null;
}

function fateText(fate: ChangesFate): string {
  if (fate === 'discarded') return 'changes are thrown away at the end';
  if (fate === 'asked') return 'what is to become of changes is asked then';
  return `changes are kept as ${fate.keptAs}`;
}

/** The prompt: phase, directory, and a mark that differs after a failure. */
export function prompt(record: PhaseRecord): string {
  // In the C locale of a build readline counts bytes, and breaks long lines in the wrong place where the count is wrong: so
  // the mark is hidden from it, on a space that it may count.
  const mark = ` \\[\\010${record.status === 'failed' ? '✗' : '✓'}\\]`;
  return `\\[\\e[2m\\]strata\\[\\e[0m\\] ${record.phase} ${mark} \\[\\e[1m\\]\\w\\[\\e[0m\\] \\$ `;
}

/** A command in one line, without control characters: it was written by whoever wrote the build. */
function printable(command: string): string {
  const line = command.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
