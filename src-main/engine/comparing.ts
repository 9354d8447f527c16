/** Two runs, phases, snapshots or imported traces side by side: what a person names, and what differs. */
import { existsSync } from 'node:fs';
import { findRun, findSnapshot, type FoundSnapshot } from '../phases/snapshot-reference.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import type { RunRecord } from '../phases/run-record.ts';
import { stateInRun } from '../phases/state-in-run.ts';
import { StrataError } from '../protocol/errors.ts';
import { diffValues, type ValueChange } from '../protocol/value-diff.ts';
import type { Change } from '../snapshots/change.ts';
import { compareLibraries, type LibraryComparison } from '../trace/comparison.ts';
import { lastingName, nameOfAnyBuild } from '../trace/lasting-names.ts';
import type { TracedProcess } from '../trace/lookups.ts';
import type { AccessComparison } from '../trace/syscalls/comparison.ts';
import type { SyscallTrace } from '../trace/syscalls/model.ts';
import { readLibraryTraces } from './library-traces.ts';
import { compareLogs, type LogDifference } from './log-comparison.ts';
import { recordedLogs } from './recorded-logs.ts';
import { namedLibraryTrace, type LibraryTrace, type PhaseRoots } from './run-libraries.ts';
import { namedSyscalls } from './run-syscalls.ts';
import { shellStateText } from './shell-state-text.ts';
import { comparedAccesses } from './syscall-findings.ts';
import { readSyscallTrace } from './syscall-trace.ts';
import { tellsOfSyscalls, traceFiles } from './trace-files.ts';

/** A part of a comparison; where it could not be made, why, and what would help. */
export type Section<Value> =
  | { readonly kind: 'compared'; readonly value: Value }
  | { readonly kind: 'not-compared'; readonly reason: string; readonly advice: string | null };

/** Of a phase that both have a log of. */
export interface PhaseLogComparison {
  readonly phase: string;
  readonly differences: readonly LogDifference[];
}

export interface LogsComparison {
  readonly phases: readonly PhaseLogComparison[];
  /** Phases of which only one side has a log. */
  readonly onlyLeft: readonly string[];
  readonly onlyRight: readonly string[];
}

export interface Comparison {
  readonly left: string;
  readonly right: string;
  /** The phases after which the files and variables are compared; null where there are none. */
  readonly after: { readonly left: string; readonly right: string } | null;
  readonly libraries: Section<ComparedLibraries>;
  /** By traces of system calls. */
  readonly accesses: Section<AccessComparison>;
  readonly files: Section<readonly Change[]>;
  /** Without those that differ by names of working files alone; `old` is on the left. */
  readonly variables: Section<readonly ComparedVariable[]>;
  readonly log: Section<LogsComparison>;
}

export interface ComparedLibraries extends LibraryComparison {
  /** Lines of both traces that were not understood. */
  readonly notUnderstood: number;
}

/** `rebuilt`: its two values differ by hashes of store paths alone. */
export type ComparedVariable = ValueChange & { readonly rebuilt: boolean };

type Named =
  | { readonly kind: 'traces'; readonly word: string }
  | { readonly kind: 'run'; readonly word: string; readonly run: RunRecord }
  | { readonly kind: 'snapshot'; readonly word: string; readonly found: FoundSnapshot };

/**
 * Compares what two words name: `last`, `RUN`, `RUN:PHASE`, a snapshot, or a file or directory with what LD_DEBUG, strace or sysdig printed. Of
 * two runs the states are those after the last phase that both have reached.
 *
 * @param roots works out what the loader did not say of a file
 * @throws StrataError `not-found` or `usage` for words that name nothing, `format` for a file that is no trace, `cancelled`.
 */
export async function compareNamed(
  store: PhaseStore,
  [leftWord, rightWord]: readonly [string, string],
  roots: PhaseRoots,
  signal: AbortSignal,
): Promise<Comparison> {
  const words = [await named(store, leftWord), await named(store, rightWord)] as const;
  const [left, right] = [
    await inPhaseOf(store, ...words),
    await inPhaseOf(store, words[1], words[0]),
  ];
  const states = await section(async () => commonStates(store, left, right));
  const ofStates = async <Value>(
    work: (left: FoundSnapshot, right: FoundSnapshot) => Promise<Value>,
  ): Promise<Section<Value>> =>
    states.kind === 'not-compared' ? states : section(async () => work(...states.value));
  return {
    left: nameOf(left),
    right: nameOf(right),
    after:
      states.kind === 'not-compared'
        ? null
        : { left: states.value[0].record.phase, right: states.value[1].record.phase },
    libraries: await section(async () => librariesOf(store, left, right, roots, signal)),
    accesses: await section(async () =>
      comparedAccesses(
        await syscallsOf(store, left, signal),
        await syscallsOf(store, right, signal),
      ),
    ),
    files: await ofStates(async (one, other) =>
      one.record.id === other.record.id
        ? []
        : store.snapshotter.compare(one.record.id, other.record.id),
    ),
    variables: await ofStates(async (one, other) => variablesOf(store, one, other)),
    log: await section(async () => logsOf(store, left, right, signal)),
  };
}

async function named(store: PhaseStore, word: string): Promise<Named> {
  if (existsSync(word)) return { kind: 'traces', word };
  if (word.includes(':')) return { kind: 'snapshot', word, found: await findSnapshot(store, word) };
  const run = await findRun(store, word);
  if (run !== null) return { kind: 'run', word, run };
  try {
    return { kind: 'snapshot', word, found: await findSnapshot(store, word) };
  } catch (error) {
    if (!(error instanceof StrataError) || error.code !== 'not-found') throw error;
    throw new StrataError({
      code: 'not-found',
      operation: `comparing ${word}`,
      reason:
        word === 'last'
          ? 'no run has reached a phase'
          : 'there is no run, snapshot or file of that name',
      advice:
        'name a run, RUN:PHASE, last, or a file with what LD_DEBUG printed; strata ls lists runs',
      cause: error,
    });
  }
}

/** A run beside a phase of another is meant in that phase. */
async function inPhaseOf(store: PhaseStore, side: Named, other: Named): Promise<Named> {
  if (side.kind !== 'run' || other.kind !== 'snapshot') return side;
  const { phase } = other.found.record;
  if (!reached(side).includes(phase)) return side;
  const word = `${side.run.id}:${phase}`;
  return { kind: 'snapshot', word, found: await findSnapshot(store, word) };
}

function nameOf(side: Named): string {
  switch (side.kind) {
    case 'traces':
      return side.word;
    case 'run':
      return side.run.id;
    case 'snapshot':
      return side.found.run === null
        ? side.found.record.id
        : `${side.found.run.id}:${side.found.record.name ?? side.found.record.phase}`;
  }
}

/** What is not there, or was not traced, is no fault of the rest. */
async function section<Value>(work: () => Promise<Value>): Promise<Section<Value>> {
  try {
    return { kind: 'compared', value: await work() };
  } catch (error) {
    if (!(error instanceof StrataError) || error.code !== 'not-found') throw error;
    return { kind: 'not-compared', reason: error.message, advice: error.advice ?? null };
  }
}

function missing(operation: string, reason: string, advice?: string): StrataError {
  return new StrataError({
    code: 'not-found',
    operation,
    reason,
    ...(advice === undefined ? {} : { advice }),
  });
}

async function librariesOf(
  store: PhaseStore,
  left: Named,
  right: Named,
  roots: PhaseRoots,
  signal: AbortSignal,
): Promise<ComparedLibraries> {
  const onLeft = await lookupsOf(store, left, roots, signal);
  const onRight = await lookupsOf(store, right, roots, signal);
  const isOfRuns = left.kind === 'run' && right.kind === 'run';
  const ofLeft = isOfRuns ? inPhasesOf(onLeft, onRight) : onLeft.processes;
  const ofRight = isOfRuns ? inPhasesOf(onRight, onLeft) : onRight.processes;
  if (ofLeft.length === 0 && onLeft.processes.length > 0) {
    throw missing(
      'comparing libraries',
      'the two runs were traced in different phases',
      'name the phases: strata compare RUN:PHASE RUN:PHASE',
    );
  }
  const notUnderstood = onLeft.notUnderstood + onRight.notUnderstood;
  return { ...compareLibraries(ofLeft, ofRight), notUnderstood };
}

type Lookups = Pick<LibraryTrace, 'processes' | 'notUnderstood'>;

/** A phase that only one run has reached, or traced, has nothing to be compared with. */
function inPhasesOf({ processes }: Lookups, other: Lookups): readonly TracedProcess[] {
  const phases = new Set(other.processes.map(({ phase }) => phase));
  return processes.filter(({ phase }) => phases.has(phase));
}

async function lookupsOf(
  store: PhaseStore,
  side: Named,
  roots: PhaseRoots,
  signal: AbortSignal,
): Promise<Lookups> {
  if (side.kind !== 'traces') return namedLibraryTrace(store, traceName(side), signal, roots);
  const files = await traceFiles(side.word);
  if (await tellsOfSyscalls(files[0] ?? '')) {
    throw missing(
      `comparing ${side.word}`,
      'a trace of system calls does not tell how libraries are found',
    );
  }
  const traces = await readLibraryTraces(files, signal);
  return {
    processes: traces.flatMap(({ processes }) => processes),
    notUnderstood: traces.reduce((sum, { notUnderstood }) => sum + notUnderstood.lines, 0),
  };
}

async function syscallsOf(
  store: PhaseStore,
  side: Named,
  signal: AbortSignal,
): Promise<SyscallTrace> {
  if (side.kind !== 'traces') {
    return (await namedSyscalls(store, traceName(side), signal)).trace;
  }
  const files = await traceFiles(side.word);
  if (await tellsOfSyscalls(files[0] ?? '')) return readSyscallTrace(files, signal);
  throw missing(`comparing ${side.word}`, LIBRARIES_ALONE);
}

const LIBRARIES_ALONE = 'a trace of the loader tells of libraries alone';

/** As traces of runs are named. */
function traceName(side: Exclude<Named, { kind: 'traces' }>): string {
  if (side.kind === 'run') return side.run.id;
  const { record, run } = side.found;
  if (run !== null && record.status !== 'kept') return `${run.id}:${record.phase}`;
  const reason = run === null ? 'the run that made it is gone' : 'a shell left it';
  throw missing(`looking for the trace of ${side.word}`, reason);
}

const TRACE_ALONE = 'an imported trace has no state and no log';

/** The snapshots whose files and variables are compared. */
async function commonStates(
  store: PhaseStore,
  left: Named,
  right: Named,
): Promise<readonly [FoundSnapshot, FoundSnapshot]> {
  const traces = [left, right].find(({ kind }) => kind === 'traces');
  if (traces !== undefined) {
    throw missing(`comparing ${traces.word}`, TRACE_ALONE);
  }
  const [onLeft, onRight] = [reached(left), reached(right)];
  const common = onLeft.findLast((phase) => onRight.includes(phase));
  return [
    await stateOf(store, left, common ?? onLeft.at(-1)),
    await stateOf(store, right, common ?? onRight.at(-1)),
  ];
}

function reached(side: Named): readonly string[] {
  if (side.kind === 'snapshot') return [side.found.record.phase];
  if (side.kind === 'traces') return [];
  return side.run.phases.filter(({ snapshot }) => snapshot !== null).map(({ name }) => name);
}

async function stateOf(
  store: PhaseStore,
  side: Named,
  phase: string | undefined,
): Promise<FoundSnapshot> {
  if (side.kind === 'snapshot') return side.found;
  return findSnapshot(
    store,
    `${side.kind === 'run' ? side.run.id : side.word}:${phase ?? 'setup'}`,
  );
}

async function variablesOf(
  store: PhaseStore,
  left: FoundSnapshot,
  right: FoundSnapshot,
): Promise<readonly ComparedVariable[]> {
  const [onLeft, onRight] = [await variables(store, left), await variables(store, right)];
  return diffValues(onLeft, onRight).flatMap((change): readonly ComparedVariable[] => {
    if (change.kind !== 'changed') return [{ ...change, rebuilt: false }];
    if (lastingName(change.old) === lastingName(change.now)) return [];
    return [{ ...change, rebuilt: nameOfAnyBuild(change.old) === nameOfAnyBuild(change.now) }];
  });
}

async function variables(
  store: PhaseStore,
  { record, run }: FoundSnapshot,
): Promise<readonly (readonly [string, string])[]> {
  if (!record.hasState) {
    throw missing(
      `reading the variables after ${record.phase}`,
      'its builder is no bash, and left none',
    );
  }
  const state = run === null ? store.state(record.id) : await stateInRun(store, record, run);
  return shellStateText(state).variables;
}

interface PhaseLines {
  readonly phase: string;
  readonly lines: readonly string[];
}

async function logsOf(
  store: PhaseStore,
  left: Named,
  right: Named,
  signal: AbortSignal,
): Promise<LogsComparison> {
  const [onLeft, onRight] = [
    await linesOf(store, left, signal),
    await linesOf(store, right, signal),
  ];
  const [[oneLeft, moreLeft], [oneRight, moreRight]] = [onLeft, onRight];
  // Two phases that were named are meant, whatever they are called.
  if (left.kind === 'snapshot' && right.kind === 'snapshot' && oneLeft && oneRight) {
    if (moreLeft === undefined && moreRight === undefined) {
      const differences = compareLogs(oneLeft.lines, oneRight.lines);
      return { phases: [{ phase: oneLeft.phase, differences }], onlyLeft: [], onlyRight: [] };
    }
  }
  const others = new Map(onRight.map((part) => [part.phase, part.lines]));
  const phases = new Set(onLeft.map(({ phase }) => phase));
  return {
    phases: onLeft.flatMap(({ phase, lines }) => {
      const other = others.get(phase);
      return other === undefined ? [] : [{ phase, differences: compareLogs(lines, other) }];
    }),
    onlyLeft: onLeft.map(({ phase }) => phase).filter((phase) => !others.has(phase)),
    onlyRight: onRight.map(({ phase }) => phase).filter((phase) => !phases.has(phase)),
  };
}

async function linesOf(
  store: PhaseStore,
  side: Named,
  signal: AbortSignal,
): Promise<readonly PhaseLines[]> {
  if (side.kind === 'traces') {
    throw missing(`comparing ${side.word}`, TRACE_ALONE);
  }
  const reference = side.kind === 'run' ? side.run.id : side.found.record.id;
  const logs = await recordedLogs(store, reference);
  const parts: PhaseLines[] = [];
  for (const { phase, lines } of logs) {
    const all: string[] = [];
    for await (const line of lines()) {
      signal.throwIfAborted();
      all.push(line);
    }
    parts.push({ phase, lines: all });
  }
  return parts;
}
