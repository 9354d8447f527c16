/** What the pane shows of system calls: rows of one kind of finding, filtered, and the time line. */
import type { SyscallsView } from '../../src-main/protocol/methods.ts';
import { duration } from '../timeline/duration.ts';

/**
 * What the rows are about. `elsewhere` is what was missing in one place and found in another, as one does along PATH: seldom
 * what one looks for.
 */
export type Subject = 'missing' | 'elsewhere' | 'outside' | 'connections';

export interface SyscallRow {
  /** A path, or an address. */
  readonly name: string;
  /** What was done with it; for connections also what became of it. */
  readonly how: string;
  readonly programs: readonly (string | null)[];
  readonly count: number;
  /** Milliseconds on the clock of the time line; null where the trace has no times. */
  readonly firstAt: number | null;
  /** Where each program that missed it found a file of that name; null for other findings, and where one did not. */
  readonly foundAs: string | null;
}

const KINDS = {
  opened: 'opened',
  written: 'opened to write',
  executed: 'executed',
  mapped: 'mapped',
  sought: 'asked about',
  created: 'made',
} as const;

/** All rows of a subject, the first asked for first. */
export function syscallRows(syscalls: SyscallsView, subject: Subject): readonly SyscallRow[] {
  const programsOf = (numbers: readonly number[]): readonly (string | null)[] =>
    numbers.map((number) => syscalls.programs[number] ?? null);
  const fileRow = (
    { path, kinds, programs, count, firstAt }: SyscallsView['outside'][number],
    foundAs: string | null,
  ): SyscallRow => ({
    name: path,
    how: kinds.map((kind) => KINDS[kind]).join(', '),
    programs: programsOf(programs),
    count,
    firstAt,
    foundAs,
  });
  switch (subject) {
    case 'missing':
    case 'elsewhere':
      return syscalls.missing
        .filter(({ foundAs }) => (foundAs === null) === (subject === 'missing'))
        .map((file) => fileRow(file, file.foundAs));
    case 'outside':
      return syscalls.outside.map((file) => fileRow(file, null));
    case 'connections':
      return syscalls.connections.map(({ address, results, programs, count, firstAt }) => ({
        name: address,
        how: results.map((result) => (result === 'ok' ? 'connected' : result)).join(', '),
        programs: programsOf(programs),
        count,
        firstAt,
        foundAs: null,
      }));
  }
}

/** Those with these words in their path, their address or a program's name. */
export function filteredRows(rows: readonly SyscallRow[], words: string): readonly SyscallRow[] {
  const wanted = words.toLowerCase();
  return rows.filter(
    ({ name, programs }) =>
      name.toLowerCase().includes(wanted) ||
      programs.some((program) => (program ?? '').toLowerCase().includes(wanted)),
  );
}

/**
 * Programs by their names without directories, each once: `bash, make and 3 more`. In the trace of a phase no name has but what
 * starts its first program.
 */
export function programNames(programs: readonly (string | null)[], most: number): string {
  const names = [...new Set(programs.map((one) => one?.split('/').at(-1) ?? 'the sandbox'))];
  const more = names.length - most;
  return `${names.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Columns of the time line. */
const COLUMNS = 120;
/** What happened once is seen beside what happened ten thousand times (share of the height). */
const LEAST_HEIGHT = 0.2;

const LANES = ['found', 'missing', 'refused', 'connections'] as const;
type What = (typeof LANES)[number];

export interface TimelineLane {
  readonly what: What;
  readonly total: number;
  /** Heights from 0 to 1, of {@link COLUMNS}; of each lane its highest is 1. */
  readonly heights: readonly number[];
  /** When most happened (milliseconds since the start). */
  readonly peakAt: number;
}

export interface TimelineLanes {
  /** Milliseconds on the clock of the trace. */
  readonly start: number;
  /** Milliseconds. */
  readonly span: number;
  /** `refused` only where something was. */
  readonly lanes: readonly TimelineLane[];
}

/** The time line in few columns; null where the trace has no times. */
export function timelineLanes({ width, buckets }: SyscallsView['timeline']): TimelineLanes | null {
  const [first] = buckets;
  const last = buckets.at(-1);
  if (first === undefined || last === undefined) return null;
  const start = first.at;
  const span = last.at + width - start;
  const lanes = LANES.map((what): TimelineLane => {
    const counts = Array.from({ length: COLUMNS }, () => 0);
    for (const bucket of buckets) {
      const column = Math.min(COLUMNS - 1, Math.floor(((bucket.at - start) / span) * COLUMNS));
      counts[column] = (counts[column] ?? 0) + bucket[what];
    }
    const highest = Math.max(...counts);
    return {
      what,
      total: counts.reduce((sum, count) => sum + count, 0),
      // Of the square root: a configure script finds in bursts, and what is between them counts too.
      heights: counts.map((count) =>
        count === 0 ? 0 : Math.max(LEAST_HEIGHT, Math.sqrt(count / highest)),
      ),
      peakAt: (counts.indexOf(highest) / COLUMNS) * span,
    };
  }).filter(({ what, total }) => what !== 'refused' || total > 0);
  return { start, span, lanes };
}

const NAMES: Readonly<Record<What, string>> = {
  found: 'found',
  missing: 'not found',
  refused: 'refused',
  connections: 'connections',
};

/** How a lane is called. */
export function laneName(what: What): string {
  return NAMES[what];
}

/** The time line in words: `…: found 1,204, most 0.2 s after the start; …`. */
export function timelineText({ span, lanes }: TimelineLanes): string {
  const parts = lanes.map(({ what, total, peakAt }) =>
    total === 0
      ? `${NAMES[what]} none`
      : `${NAMES[what]} ${total.toLocaleString('en')}, most ${duration(peakAt)} after the start`,
  );
  return `Accesses to files and connections in ${duration(span)}: ${parts.join('; ')}`;
}
