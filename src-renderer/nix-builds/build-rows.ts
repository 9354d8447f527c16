/** A build by Nix as rows: its derivations as a tree, each below the first that needs it, and what was fetched for it. */
import type { DerivationBuildView, TransferView } from '../../src-main/protocol/methods.ts';
import type { ShownBuild } from '../store/nix-builds.ts';

export interface BuildRow {
  readonly depth: number;
  readonly build: DerivationBuildView;
}

/** The deepest that is indented. */
const DEEPEST = 8;

/**
 * Derivations that no other needs come first, each followed by what it needs. What is needed by several stands once.
 *
 * @param all in the order in which Nix told of them
 */
export function buildRows(all: readonly DerivationBuildView[]): readonly BuildRow[] {
  const byPath = new Map(all.map((build) => [build.derivation, build]));
  const needed = new Set(all.flatMap(({ inputs }) => inputs));
  const rows: BuildRow[] = [];
  const seen = new Set<string>();
  // A list of its own instead of recursion: chains of inputs are long.
  const waiting = all
    .filter(({ derivation }) => !needed.has(derivation))
    .map((build) => ({ build, depth: 0 }))
    .reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { build, depth } = next;
    if (seen.has(build.derivation)) continue;
    seen.add(build.derivation);
    rows.push({ build, depth: Math.min(depth, DEEPEST) });
    for (const input of build.inputs.toReversed()) {
      const found = byPath.get(input);
      if (found !== undefined) waiting.push({ build: found, depth: depth + 1 });
    }
  }
  // In a circle nobody is first; no build has one, a made-up log may.
  for (const build of all) {
    if (!seen.has(build.derivation)) rows.push({ build, depth: 0 });
  }
  return rows;
}

/**
 * The derivation of a build that is looked at: the chosen one, else the one that waits at its failure, else whose log one
 * wants to see. Null where there is none yet.
 */
export function chosenDerivation(
  { derivations, paused, end }: ShownBuild,
  chosen: string | null,
): DerivationBuildView | null {
  const failed = end?.event === 'finished' ? end.failed : [];
  const path =
    chosen ?? paused?.derivation ?? tellingDerivation([...derivations.values()], failed) ?? '';
  return derivations.get(path) ?? null;
}

/** What failed first, else what was begun last. */
function tellingDerivation(
  all: readonly DerivationBuildView[],
  failed: readonly string[],
): string | null {
  const [first] = failed;
  if (first !== undefined) return first;
  const own = all.find(({ state }) => state === 'failed');
  if (own !== undefined) return own.derivation;
  const begun = all.filter(({ startedAt, lines }) => startedAt !== null || lines > 0);
  const last = begun.reduce<DerivationBuildView | undefined>(
    (latest, one) => ((one.startedAt ?? 0) >= (latest?.startedAt ?? 0) ? one : latest),
    undefined,
  );
  return (last ?? all[0])?.derivation ?? null;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** When the whole began and ended, or is now (milliseconds since 1970); null where no times are known. */
export function buildSpan(all: readonly DerivationBuildView[], now: number): Span | null {
  const starts = all.flatMap(({ startedAt }) => (startedAt === null ? [] : [startedAt]));
  if (starts.length === 0) return null;
  const start = starts.reduce((least, one) => Math.min(least, one));
  const ends = all.map(({ startedAt, endedAt }) => endedAt ?? (startedAt === null ? start : now));
  return {
    start,
    end: Math.max(
      start + 1,
      ends.reduce((most, one) => Math.max(most, one), start),
    ),
  };
}

/** `/nix/store/HASH-hello-1.0.drv` as `hello-1.0`. */
export function derivationName(path: string): string {
  return (path.split('/').at(-1) ?? path).replace(/^[0-9a-z]{32}-/, '').replace(/\.drv$/, '');
}

const STATES = {
  waiting: 'waiting',
  building: 'building',
  built: 'built',
  failed: 'failed',
  'input-failed': 'an input failed',
  stopped: 'stopped',
  'not-built': 'not built',
  unknown: 'of an unknown end',
} as const;

/** How a state is called. */
export function buildStateText({ state }: Pick<DerivationBuildView, 'state'>): string {
  return STATES[state];
}

/** `3 built, 1 failed; 12 fetched`: what has become of the whole so far. */
export function buildSummary(
  all: readonly DerivationBuildView[],
  transfers: readonly TransferView[],
): string {
  const counts = (Object.keys(STATES) as (keyof typeof STATES)[]).flatMap((state) => {
    const count = all.filter((one) => one.state === state).length;
    return count === 0 ? [] : [`${count.toLocaleString('en')} ${STATES[state]}`];
  });
  const running = transfers.filter(({ state }) => state === 'running').length;
  const ended = transfers.filter(({ state }) => state === 'ended').length;
  const fetched = [
    ...(ended === 0 ? [] : [`${ended.toLocaleString('en')} fetched`]),
    ...(running === 0 ? [] : [`${running.toLocaleString('en')} on their way`]),
  ];
  return [counts.join(', '), fetched.join(', ')].filter((part) => part !== '').join('; ');
}
