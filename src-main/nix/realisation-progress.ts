/** What Nix is doing while it makes inputs present, as a value that follows from the events of its log. */
import { stripVTControlCharacters } from 'node:util';
import { failedDerivation } from './failure-message.ts';
import { ignoredSetting, type IgnoredSetting } from './ignored-settings.ts';
import type { LogEvent } from './log-events.ts';

/** How many of its last lines are kept of each running build, for the report of a failure. */
const KEPT_LINES = 25;

/** How many ended builds are kept: since Nix 2.32 a build stops before the message that says it failed. */
const KEPT_BUILDS = 16;

export interface RunningBuild {
  readonly kind: 'build';
  readonly derivation: string;
  /** Null until the builder names one. */
  readonly phase: string | null;
  /** The last lines it printed. */
  readonly lines: readonly string[];
}

/** An activity that is under way. */
export type Running =
  | RunningBuild
  | { readonly kind: 'fetch'; readonly path: string; readonly from: string }
  /** Bytes. `expected` is 0 where the server did not say. `path` is the store path or the URI. */
  | {
      readonly kind: 'transfer';
      readonly path: string;
      readonly done: number;
      readonly expected: number;
    };

export interface FailedBuild {
  readonly derivation: string;
  /** Nix's whole message, without colours. */
  readonly reason: string;
  /** The last lines the builder printed. */
  readonly lines: readonly string[];
}

export interface Count {
  readonly done: number;
  readonly expected: number;
}

export interface RealisationProgress {
  /** By the activity's id, in the order of their start. */
  readonly running: ReadonlyMap<string, Running>;
  /** The ids of the activities whose progress is a count of builds or of paths. */
  readonly counters: ReadonlyMap<string, 'builds' | 'paths'>;
  /** The builds that ended last. */
  readonly ended: readonly RunningBuild[];
  readonly builds: Count;
  /** Store paths copied or substituted. */
  readonly paths: Count;
  /** Bytes that finished transfers have brought. */
  readonly transferredBytes: number;
  /** Derivations whose own builder failed; those that failed because of them are not here. */
  readonly failed: readonly FailedBuild[];
  /** Nix's error messages without colours, in their order. */
  readonly errors: readonly string[];
  /** What the daemon did not take from this user. */
  readonly ignored: readonly IgnoredSetting[];
}

export const NOTHING_REALISED: RealisationProgress = {
  running: new Map(),
  counters: new Map(),
  ended: [],
  builds: { done: 0, expected: 0 },
  paths: { done: 0, expected: 0 },
  transferredBytes: 0,
  failed: [],
  errors: [],
  ignored: [],
};

const COUNTED: ReadonlyMap<string, 'builds' | 'paths'> = new Map([
  ['builds', 'builds'],
  ['copy-paths', 'paths'],
]);

/** The progress after one more event; the same object where the event changes nothing. */
export function advance(progress: RealisationProgress, event: LogEvent): RealisationProgress {
  switch (event.kind) {
    case 'start': {
      const counted = COUNTED.get(event.activity.kind);
      if (counted !== undefined) {
        return { ...progress, counters: new Map(progress.counters).set(event.id, counted) };
      }
      const started = begin(event);
      return started === null ? progress : withRunning(progress, event.id, started);
    }
    case 'stop':
      return stop(progress, event.id);
    case 'result':
      return report(progress, event);
    case 'message':
      return take(progress, stripVTControlCharacters(event.message), event.level);
    case 'other':
    case 'text':
      return progress;
  }
}

type EventOf<Kind extends LogEvent['kind']> = Extract<LogEvent, { readonly kind: Kind }>;

/** What to show for a new activity; null for those that only group others (`builds`, `realise`, …) or pass at once. */
function begin({ activity }: EventOf<'start'>): Running | null {
  if (activity.kind === 'build') {
    return { kind: 'build', derivation: activity.derivation, phase: null, lines: [] };
  }
  if (activity.kind === 'substitute') {
    return { kind: 'fetch', path: activity.path, from: activity.from };
  }
  if (activity.kind === 'copy-path') {
    return { kind: 'transfer', path: activity.path, done: 0, expected: 0 };
  }
  if (activity.kind === 'file-transfer') {
    return { kind: 'transfer', path: activity.uri, done: 0, expected: 0 };
  }
  return null;
}

function stop(progress: RealisationProgress, id: string): RealisationProgress {
  if (progress.counters.get(id) === 'builds') return withoutBuilds(progress);
  const ended = progress.running.get(id);
  if (ended === undefined) return progress;
  const running = new Map(progress.running);
  running.delete(id);
  switch (ended.kind) {
    case 'build':
      return { ...progress, running, ended: [...progress.ended.slice(1 - KEPT_BUILDS), ended] };
    case 'transfer':
      return { ...progress, running, transferredBytes: progress.transferredBytes + ended.done };
    case 'fetch':
      return { ...progress, running };
  }
}

/** Nix does not stop each build that it ends (2.8 to 2.34: not the last one), only all of them together. */
function withoutBuilds(progress: RealisationProgress): RealisationProgress {
  const running = [...progress.running].filter(([, { kind }]) => kind !== 'build');
  return { ...progress, running: new Map(running) };
}

function report(progress: RealisationProgress, event: EventOf<'result'>): RealisationProgress {
  const { result } = event;
  const running = progress.running.get(event.id);
  if (result.kind === 'progress') {
    if (running?.kind === 'transfer') {
      const { done, expected } = result;
      return withRunning(progress, event.id, { ...running, done, expected });
    }
    const counter = progress.counters.get(event.id);
    if (counter === undefined) return progress;
    return { ...progress, [counter]: { done: result.done, expected: result.expected } };
  }
  if (running?.kind !== 'build') return progress;
  if (result.kind === 'set-phase') {
    return withRunning(progress, event.id, { ...running, phase: result.phase });
  }
  if (result.kind === 'build-log-line') {
    const lines = [...running.lines.slice(1 - KEPT_LINES), result.line];
    return withRunning(progress, event.id, { ...running, lines });
  }
  return progress;
}

function take(progress: RealisationProgress, message: string, level: number): RealisationProgress {
  // Nix 2.8 gives its warnings the level of errors.
  const ignored = ignoredSetting(message);
  if (ignored === null) return level === 0 ? fail(progress, message) : progress;
  const isKnown = progress.ignored.some(
    ({ name, value }) => name === ignored.name && value === ignored.value,
  );
  return isKnown ? progress : { ...progress, ignored: [...progress.ignored, ignored] };
}

function fail(progress: RealisationProgress, message: string): RealisationProgress {
  const errors = [...progress.errors, message];
  const derivation = failedDerivation(message);
  if (derivation === null) return { ...progress, errors };
  const build = [...progress.ended, ...progress.running.values()].findLast(
    (activity): activity is RunningBuild =>
      activity.kind === 'build' && activity.derivation === derivation,
  );
  const reason = message.replace(/^error: /, '');
  return {
    ...progress,
    errors,
    failed: [...progress.failed, { derivation, reason, lines: build?.lines ?? [] }],
  };
}

function withRunning(
  progress: RealisationProgress,
  id: string,
  state: Running,
): RealisationProgress {
  return { ...progress, running: new Map(progress.running).set(id, state) };
}
