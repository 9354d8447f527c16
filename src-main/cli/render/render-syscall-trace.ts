/** A trace of system calls for people, and as JSON. */
import type {
  ProcessEnd,
  SyscallFindings,
  SyscallTrace,
  SyscallProcess,
} from '../../engine/types.ts';
import { printable } from '../../protocol/visible-text.ts';
import { formatDuration } from '../terminal/human-units.ts';
import type { Style } from '../terminal/style.ts';

/** Entries of a list; a configure script misses thousands of files and that is well. */
const SHORT = 20;

/** Programs that are named beside a path. */
const NAMED = 3;

/** The lists, each with a heading, then a summary. */
export function* renderSyscallTrace(
  trace: SyscallTrace,
  { missing, missedBy, outside, connections }: SyscallFindings,
  lists: 'short' | 'whole',
  style: Style,
): Generator<string> {
  const most = lists === 'whole' ? Infinity : SHORT;
  const entry = (text: string, { count, programs }: Asked, remark = ''): string =>
    `  ${printable(text)}${remark}  ${style.dim(`(${asked(count, programs)})`)}`;

  yield* section('Processes', treeLines(trace.processes, missedBy, style), most, style);
  yield* section(
    'Read outside the store',
    outside.map((file) => entry(file.path, file)),
    most,
    style,
  );
  yield* section(
    'Missing whenever it was looked for',
    missing
      .toSorted((a, b) => rank(a, trace) - rank(b, trace))
      .map((file) => entry(file.path, file, foundText(file, style))),
    most,
    style,
  );
  yield* section(
    'Connections tried',
    connections.map((tried) => entry(tried.text, tried, ` ${results(tried.results, style)}`)),
    most,
    style,
  );
  const { lines, samples } = trace.notUnderstood;
  if (lines > 0) {
    yield style.yellow(`${counted(lines, 'line')} not understood, among them:`);
    for (const sample of samples) yield `  ${printable(sample)}`;
    yield '';
  }
  const nowhere = missing.filter(({ foundAs }) => foundAs === null);
  yield summary(trace, nowhere.length, outside.length, connections.length);
}

type MissingFile = SyscallFindings['missing'][number];

/**
 * What to look at first: what a process that failed did not find; then what few programs look for, as all of them look for
 * the loader's and the locale's files; last what was found elsewhere.
 */
function rank({ foundAs, processes, programs }: MissingFile, trace: SyscallTrace): number {
  if (foundAs !== null) return 2_000_000;
  const failed = processes.some((id) => hasFailed(trace.processes[id]));
  return (failed ? 0 : 1_000_000) + programs.length;
}

function foundText({ foundAs }: MissingFile, style: Style): string {
  return foundAs === null ? '' : style.dim(` found as ${printable(foundAs)}`);
}

function hasFailed(process: SyscallProcess | undefined): boolean {
  const end = process?.end;
  return end?.kind === 'killed' || (end?.kind === 'exited' && end.status !== 0);
}

interface Asked {
  readonly count: number;
  readonly programs: readonly (string | null)[];
}

function* section(
  title: string,
  lines: readonly string[],
  most: number,
  style: Style,
): Generator<string> {
  if (lines.length === 0) return;
  yield style.bold(title);
  yield* lines.slice(0, most);
  if (lines.length > most) yield style.dim(`  … and ${lines.length - most} more: --all`);
  yield '';
}

/** `3 ×, cat, bash and 2 more`. */
function asked(count: number, programs: readonly (string | null)[]): string {
  const names = [...new Set(programs.map(shortName))];
  const more = names.length - NAMED;
  const named = names.slice(0, NAMED).join(', ');
  return `${count} ×, ${named}${more > 0 ? ` and ${more} more` : ''}`;
}

function shortName(program: string | null): string {
  return program === null ? 'a program not known' : printable(program.replace(/^.*\//, ''));
}

function results(all: readonly string[], style: Style): string {
  return all
    .map((result) => (result === 'ok' ? style.green(result) : style.yellow(result)))
    .join(' ');
}

/** Each process below the one that made it: how it ended, how long it took, how many files it missed. */
function treeLines(
  processes: readonly SyscallProcess[],
  missedBy: SyscallFindings['missedBy'],
  style: Style,
): readonly string[] {
  const children = new Map<number | null, SyscallProcess[]>();
  for (const process of processes) {
    const siblings = children.get(process.parent);
    if (siblings === undefined) children.set(process.parent, [process]);
    else siblings.push(process);
  }
  const lines: string[] = [];
  // Not by recursion: a chain of processes may be as long as a trace.
  const waiting = (children.get(null) ?? []).map((process) => ({ process, depth: 0 })).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { process, depth } = next;
    const name = printable(process.program ?? 'a program not known');
    const pid = process.pid === 0 ? '' : ` ${style.dim(String(process.pid))}`;
    lines.push(
      `  ${'  '.repeat(Math.min(depth, 30))}${name}${pid}  ${endText(process.end, style)}${took(process, style)}${missed(missedBy.get(process.id)?.length ?? 0, style)}`.trimEnd(),
    );
    for (const child of (children.get(process.id) ?? []).toReversed()) {
      waiting.push({ process: child, depth: depth + 1 });
    }
  }
  return lines;
}

function endText(end: ProcessEnd, style: Style): string {
  switch (end.kind) {
    case 'exited':
      return end.status === 0 ? style.green('✓') : style.red(`✗ exit status ${end.status}`);
    case 'killed':
      return style.red(`✗ ${end.signal}`);
    case 'unknown':
      return style.dim('?');
  }
}

function missed(files: number, style: Style): string {
  return files === 0 ? '' : `  ${style.yellow(`${files} missing`)}`;
}

function took({ startedAt, endedAt }: SyscallProcess, style: Style): string {
  if (startedAt === null || endedAt === null) return '';
  return `  ${style.dim(formatDuration(Math.max(endedAt - startedAt, 0)))}`;
}

function summary(
  { processes }: SyscallTrace,
  missing: number,
  outside: number,
  connections: number,
): string {
  const failed = processes.filter(hasFailed).length;
  return [
    `${counted(processes.length, 'process', 'es')}${failed === 0 ? '' : ` (${failed} failed)`}`,
    `${counted(missing, 'file')} missing`,
    `${counted(outside, 'file')} read outside the store`,
    `${counted(connections, 'address', 'es')} tried`,
  ].join(', ');
}

function counted(number: number, what: string, ending = 's'): string {
  return `${number} ${what}${number === 1 ? '' : ending}`;
}

/** What `strata trace --json` prints. Times are milliseconds since `timeOrigin`. */
export function syscallTraceJson(trace: SyscallTrace, findings: SyscallFindings): object {
  const { timeOrigin, processes, accesses, timeline, notUnderstood } = trace;
  const { missing, outside, connections } = findings;
  return {
    timeOrigin,
    missing,
    outside,
    connections,
    processes,
    accesses,
    timeline,
    notUnderstood,
  };
}
