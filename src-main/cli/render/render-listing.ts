/** Snapshots as a table, those of one run together. */
import type { PhaseRecord, RunState } from '../../engine/types.ts';
import { formatBytes } from '../../protocol/byte-size.ts';
import { formatAge } from '../terminal/human-units.ts';
import type { Style } from '../terminal/style.ts';
import { derivationName } from './render-heading.ts';
import { symbol } from './symbols.ts';

export type Listed = Pick<
  PhaseRecord,
  'id' | 'run' | 'derivation' | 'phase' | 'status' | 'bytes' | 'createdAt' | 'name'
>;

/** What is said of a run beside its snapshots, which tell of a phase that failed. */
const REMARKS: Readonly<Record<RunState, string>> = {
  succeeded: '',
  failed: '',
  running: 'running',
  cancelled: 'stopped',
  error: 'ended by an error',
  died: 'was killed',
  unconfirmed: 'unconfirmed',
  confirmed: 'confirmed by Nix',
  differing: 'differs from Nix’s build',
};

/**
 * @param listing the newest first
 * @param states how each run stands, by its id
 * @param now milliseconds since 1970
 * @param width columns of the terminal; null where lines may be of any length
 */
export function renderListing(
  listing: readonly Listed[],
  states: ReadonlyMap<string, RunState>,
  now: number,
  style: Style,
  width: number | null,
): readonly string[] {
  const runs = byRun(listing);
  const phaseWidth = Math.max(...listing.map(({ phase }) => phase.length), 0);
  const sizes = new Map(listing.map(({ id, bytes }) => [id, formatBytes(bytes)]));
  const sizeWidth = Math.max(...[...sizes.values()].map((size) => size.length), 0);
  const lines: string[] = [];
  for (const [run, snapshots] of runs) {
    const name = derivationName(snapshots[0]?.derivation ?? '');
    const remark = REMARKS[states.get(run) ?? 'succeeded'];
    lines.push(
      `${style.bold(name)}  ${style.dim('run')} ${run}  ${style.yellow(remark)}`.trimEnd(),
    );
    for (const { id, phase, status, createdAt, name: kept } of snapshots) {
      const size = (sizes.get(id) ?? '').padStart(sizeWidth);
      const age = formatAge(now - Date.parse(createdAt));
      const label = status === 'succeeded' ? '' : (kept ?? status);
      const line = `  ${style.blue(id)}  ${symbol(status, style)} ${phase.padEnd(phaseWidth)}  ${size}  ${style.dim(age.padEnd(11))}`;
      const end = 2 + id.length + 2 + 2 + phaseWidth + 2 + sizeWidth + 2 + 11 + 2;
      const fits = width === null || end + label.length <= width;
      if (fits) lines.push(`${line}  ${style.yellow(label)}`.trimEnd());
      else lines.push(line.trimEnd(), `${' '.repeat(2 + id.length + 2 + 2)}${style.yellow(label)}`);
    }
    lines.push('');
  }
  return [...lines, summary(listing, runs.size)];
}

/** In the order of each run's newest snapshot. */
function byRun(listing: readonly Listed[]): ReadonlyMap<string, readonly Listed[]> {
  const runs = new Map<string, Listed[]>();
  for (const snapshot of listing) {
    const others = runs.get(snapshot.run);
    if (others === undefined) runs.set(snapshot.run, [snapshot]);
    else others.push(snapshot);
  }
  return runs;
}

function summary(listing: readonly Listed[], runs: number): string {
  const bytes = listing.reduce((sum, snapshot) => sum + snapshot.bytes, 0);
  const count = (number: number, what: string): string =>
    `${number} ${what}${number === 1 ? '' : 's'}`;
  return `${count(listing.length, 'snapshot')} of ${count(runs, 'run')}, ${formatBytes(bytes)}`;
}

/** A snapshot as `strata ls --json` prints it. */
export function listedJson(record: PhaseRecord): object {
  const { id, run, derivation, phase, parent, status, bytes, createdAt } = record;
  return { id, run, derivation, phase, parent, status, bytes, createdAt };
}
