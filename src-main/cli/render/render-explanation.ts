/** What `strata explain` found: the likeliest cause first, whether it was seen to be one, and what to do about it. */
import type { ExplainedSuspect, Explanation } from '../../engine/types.ts';
import type { Style } from '../terminal/style.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import { clean } from './render-libraries.ts';
import { symbol } from './symbols.ts';

/** Suspects that are told in full; the others by name. */
const MOST_TOLD = 3;

export function renderExplanation(
  found: Explanation,
  strata: string,
  style: Style,
): readonly string[] {
  const { run, phase, again, withHost, suspects } = found;
  if (again === 'succeeds') {
    return [
      `${symbol('succeeded', style)} ${style.bold(phase)} succeeds now, from the same state and under the same sandbox:`,
      '  what made it fail was not its input. A race, the time, or something of the machine that has changed.',
    ];
  }
  const told = suspects.slice(0, MOST_TOLD);
  const others = suspects.slice(MOST_TOLD);
  return [
    verdict(found, style),
    ...(withHost === 'fails' ? failureLines(found, style) : []),
    ...told.flatMap((suspect) => ['', ...suspectLines(suspect, style)]),
    ...(others.length === 0
      ? []
      : ['', style.dim(`less likely: ${others.map(nameOf).slice(0, 8).join(', ')}`)]),
    ...(suspects.length === 0 && withHost === 'succeeds'
      ? [
          '',
          'Nothing that it asked for by name is missing inside: look at strata trace and strata libs.',
        ]
      : []),
    ...(suspects.length === 0 && withHost === 'fails'
      ? [
          '',
          'Nothing that it lacks inside is there outside: look at the command itself, in a shell at the failure:',
          `  ${strata} shell ${run}:${phase}`,
        ]
      : []),
  ];
}

/** The sandbox is not why: what the phase itself said is. */
function failureLines(
  { failure: { command, line } }: Explanation,
  style: Style,
): readonly string[] {
  return [
    ...(command === null ? [] : [`  it failed at  ${terminalText(command, 'drop')}`]),
    ...(line === null ? [] : [`  which said    ${style.red(terminalText(line, 'drop').trim())}`]),
  ];
}

function verdict({ phase, withHost, suspects }: Explanation, style: Style): string {
  const [first] = suspects;
  const name = style.bold(phase);
  if (first?.trial === 'succeeds') {
    return `${symbol('succeeded', style)} ${name} succeeds with ${style.bold(nameOf(first))} in view, and fails without.`;
  }
  if (withHost === 'succeeds') {
    return `${symbol('failed', style)} ${name} fails in the sandbox and succeeds with the host in view; no single path was seen to be why.`;
  }
  if (first?.isOutside === false) {
    return `${symbol('failed', style)} ${name} fails with the host in view too: this machine does not have ${style.bold(nameOf(first))} either.`;
  }
  return `${symbol('failed', style)} ${name} fails with the host in view too: the sandbox alone is not the cause.`;
}

function suspectLines(suspect: ExplainedSuspect, style: Style): readonly string[] {
  const { asked, programs, reasons, trial, remedies } = suspect;
  const tried = {
    succeeds: 'with it the phase succeeds',
    fails: 'with it the phase still fails',
    'not-tried': '',
  };
  return [
    `${trial === 'succeeds' ? style.green('●') : '○'} ${style.bold(nameOf(suspect))}`,
    ...asked.filter((one) => one !== suspect.path).map((one) => `    asked for ${clean(one)}`),
    ...(programs.length === 0 ? [] : [`    by ${programs.slice(0, 5).map(clean).join(', ')}`]),
    ...reasons.map((reason) => `    ${clean(reason)}`),
    ...(trial === 'not-tried' ? [] : [`    ${tried[trial]}`]),
    ...remedies.map((remedy) => `    ${style.dim('→')} ${clean(remedy)}`),
  ];
}

function nameOf({ kind, path }: ExplainedSuspect): string {
  return kind === 'network' || path === null ? 'the network' : clean(path);
}
