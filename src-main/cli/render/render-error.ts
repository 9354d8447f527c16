/** Errors for people: what failed, why, what to do. */
import { StrataError } from '../../protocol/errors.ts';
import type { Style } from '../terminal/style.ts';
import { terminalLines } from '../terminal/terminal-text.ts';

/** @param strata how the person calls Strata, for commands in the advice */
export function renderError(error: unknown, strata: string, style: Style): readonly string[] {
  if (!(error instanceof StrataError)) return renderFault(error, style);
  const { operation, output = '' } = error;
  const title = `${style.bold(style.red('strata:'))} ${style.bold(operation)}`;
  const reason = error.reason.trim();
  const advice = error.advice === undefined ? [] : adviceLines(error.advice, strata);
  const colours = style.mode === 'colours' ? 'keep' : 'drop';
  const lines = terminalLines(tailOf(error) ?? output.trimEnd(), colours);
  // Nix's own words hold the reason, with the places it speaks of.
  const saysAll = output !== '' && flat(output).includes(flat(reason));
  const [first = '', ...rest] = terminalLines(reason, 'drop');
  return [
    saysAll ? `${title}:` : `${title}: ${first}`,
    ...(saysAll ? [] : rest.map((line) => `  ${line}`.trimEnd())),
    ...(output.trim() === '' || output.trim() === reason
      ? saysAll
        ? terminalLines(reason, 'drop')
        : []
      : ['', ...lines, '']),
    ...advice,
  ];
}

/** A dependency's failure has its whole log as output: its last lines are what is looked for. */
function tailOf(error: StrataError): string | null {
  if (!('derivation' in error) || !('lines' in error) || !Array.isArray(error.lines)) return null;
  const lines = (error.output ?? '').trimEnd().split('\n');
  const shown = lines.slice(-LAST_LINES);
  const left = lines.length - shown.length;
  return [
    ...(left > 0 ? [`(${left} lines before these)`] : []),
    ...shown.map((line) => `  ${line}`),
  ].join('\n');
}

const LAST_LINES = 25;

/** Commands in an advice are for copying, so they begin as the person began. */
function adviceLines(advice: string, strata: string): readonly string[] {
  return terminalLines(advice, 'drop').map((line) =>
    line.replace(
      /(?<![\w/-])strata (?=(?:run|plan|nix-build|nix-log|nix-options|confirm|ls|diff|cat|log|libs|shell|gc|doctor|export|import|mount|umount|cache)\b)/g,
      `${strata} `,
    ),
  );
}

/** Anything that is not a StrataError is a fault of Strata's own. */
function renderFault(error: unknown, style: Style): readonly string[] {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `${style.bold(style.red('strata:'))} ${style.bold('a fault in Strata itself')}`,
    ...terminalLines(stack, 'drop').map((line) => `  ${line}`),
    '',
    'Please report it with the lines above, the command you gave, and what `strata doctor` says.',
  ];
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
