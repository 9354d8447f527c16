/** The report of a failed build: which phase, which command, which line, and the one command that opens a shell there. */
import type { PhaseRecord } from '../../engine/types.ts';
import type { Style } from '../terminal/style.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import { derivationName, renderLabelled } from './render-heading.ts';
import { howItEnded } from './render-phase.ts';

/** Functions of every stdenv, of which the person has not written one. */
const STDENV_FRAMES = new Set(['genericBuild', 'runPhase', 'runHook', '_eval', 'runOneHook']);

/**
 * @param strata how the person calls Strata: "strata", "npx strata"
 * @param run the run in which it failed
 */
export function renderFailure(
  record: PhaseRecord,
  run: string,
  strata: string,
  style: Style,
): readonly string[] {
  const { phase, failure, exitCode, derivation } = record;
  const title = `${derivationName(derivation)} failed in ${phase} ${howItEnded(exitCode)}`;
  const tail = failure?.tail ?? [];
  const number = (line: { readonly number: number }): string => String(line.number);
  const numberWidth = Math.max(...tail.map((line) => number(line).length), 0);
  return [
    style.bold(style.red(title)),
    ...renderLabelled(facts(record, style), style).map((line) => `  ${line}`),
    ...(tail.length === 0
      ? []
      : [
          '',
          style.dim(whatIsShown(tail, `${strata} log ${run}:${phase}`)),
          ...tail.map((line) =>
            `  ${style.dim(`${number(line).padStart(numberWidth)} │`)} ${terminalText(line.text, 'drop')}`.trimEnd(),
          ),
        ]),
    '',
    'Open a shell in the state it failed in:',
    '',
    `    ${style.bold(`${strata} shell ${run}:${phase}`)}`,
    '',
    style.dim(`What it lacked in the sandbox, if that is why: ${strata} explain ${run}`),
  ];
}

/** @param whole the command that prints the whole log */
function whatIsShown(tail: readonly { readonly number: number }[], whole: string): string {
  const lines = tail.length === 1 ? 'line' : `${tail.length} lines`;
  if (tail[0]?.number === 1) return 'Its log:';
  return `The last ${lines} of its log (all of it: ${whole}):`;
}

function facts(record: PhaseRecord, style: Style): readonly (readonly [string, string])[] {
  const { failure } = record;
  if (failure === null) return [];
  const { command, functions, line } = failure;
  const own = functions.filter((name) => !STDENV_FRAMES.has(name) && name !== record.phase);
  return [
    ...(command === null ? [] : [['command', style.bold(oneLine(command))] as const]),
    ...(own.length === 0
      ? []
      : [['in', oneLine(own.map((name) => `${name}()`).join(', called by '))] as const]),
    ...(line === null
      ? []
      : [[`log line ${line.number}`, style.red(terminalText(line.text, 'drop').trim())] as const]),
  ];
}

/** A command may have been written over several lines. */
function oneLine(text: string): string {
  const words = terminalText(text.replace(/\s*\n\s*/g, ' '), 'drop').trim();
  return words.length > 300 ? `${words.slice(0, 299)}…` : words;
}

/** The report of a build whose phases all succeeded, and which failed all the same: an output is missing. */
export function renderComplaint(
  complaint: string,
  run: string,
  phase: string | null,
  strata: string,
  style: Style,
): readonly string[] {
  const [first = '', ...rest] = complaint.split('\n').map((line) => terminalText(line, 'drop'));
  return [
    style.bold(style.red(`All phases succeeded, and the build failed: ${first}`)),
    ...rest.map((line) => `  ${line}`),
    ...(phase === null
      ? []
      : [
          '',
          'Open a shell in the state it ended in:',
          '',
          `    ${style.bold(`${strata} shell ${run}:${phase}`)}`,
        ]),
  ];
}
