/** The findings of `strata doctor` as text: two columns, with what to do below each that is not well. */
import type { Finding } from './doctor-finding.ts';

const SYMBOLS: Readonly<Record<Finding['status'], string>> = {
  ok: '✓',
  limited: '!',
  missing: '✗',
};

/** Narrower than this, wrapping would make a word a line. */
const LEAST_TEXT = 24;

/**
 * Gives the lines, none longer than `width` where its words allow; commands to copy are never wrapped. No colours and no
 * control characters.
 */
export function doctorReport(findings: readonly Finding[], width = 80): readonly string[] {
  const nameWidth = Math.max(...findings.map(({ name }) => name.length), 0);
  const layout: Layout = { nameWidth, textWidth: Math.max(width - nameWidth - 4, LEAST_TEXT) };
  return [...findings.flatMap((finding) => findingLines(finding, layout)), '', summary(findings)];
}

interface Layout {
  readonly nameWidth: number;
  readonly textWidth: number;
}

function findingLines(finding: Finding, layout: Layout): readonly string[] {
  const { name, status, found, without, get } = finding;
  const head = `${SYMBOLS[status]} ${name.padEnd(layout.nameWidth)}  `;
  const indent = ' '.repeat(head.length);
  const [first = '', ...rest] = [
    ...labelled('', found, layout),
    ...(without === null ? [] : labelled('as it is: ', without, layout)),
    ...(get === null ? [] : labelled('to get it: ', get, layout)),
  ];
  return [`${head}${first}`, ...rest.map((line) => `${indent}${line}`)].map((line) =>
    line.trimEnd(),
  );
}

/** The text after its label, wrapped; lines after the first are indented a little. */
function labelled(label: string, text: string, { textWidth }: Layout): readonly string[] {
  return `${label}${text}`
    .split('\n')
    .flatMap((line, index) =>
      line.startsWith(' ') ? [`    ${line.trimStart()}`] : wrap(line, textWidth, index > 0),
    );
}

function wrap(text: string, width: number, isContinuation: boolean): readonly string[] {
  const lines: string[] = [];
  let line = isContinuation ? ' ' : '';
  for (const word of text.split(/\s+/)) {
    const isFirst = line.trim() === '';
    if (!isFirst && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `  ${word}`;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function summary(findings: readonly Finding[]): string {
  const lacking = findings.filter(({ required, status }) => required && status === 'missing');
  if (lacking.length > 0) {
    const names = lacking.map(({ name }) => name).join(', ');
    return `Strata cannot build on this machine as it is. Missing: ${names}.`;
  }
  const limited = findings.filter(({ status }) => status !== 'ok').length;
  return limited === 0
    ? 'Strata can build on this machine, and everything it can make use of is here.'
    : 'Strata can build on this machine. What is marked ! or ✗ above is not needed for that.';
}
