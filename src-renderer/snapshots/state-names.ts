/** The states one can choose from, and what they are called. */
import type { Run, Snapshot } from '../../src-main/protocol/methods.ts';
import { derivationName } from '../../src-main/protocol/store-name.ts';
import type { SelectOption } from '../look/fields.tsx';

/** Stands for the parent of the state that is looked at. */
export const PARENT = 'parent';

/** `fixupPhase`, `my shell (kept)`, `buildPhase (failed)`. */
export function stateName({ phase, status, name }: Snapshot): string {
  if (status === 'kept') return `${name ?? phase} (kept)`;
  return status === 'failed' ? `${phase} (failed)` : phase;
}

export interface NamedStates {
  readonly snapshots: readonly Snapshot[];
  readonly runs: readonly Run[];
  /** The run that is looked at. */
  readonly run: Run | undefined;
  /** The states that are compared: where they are of different runs, each one's name says of which. */
  readonly compared: readonly (string | null)[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** States with those of the run first, in the order of its phases; then the others, the newest first. */
export function stateOptions(states: NamedStates): readonly SelectOption<string>[] {
  const { snapshots, run } = states;
  const order = orderIn(run);
  const own = snapshots
    .filter(({ id }) => order.has(id))
    .sort((one, other) => (order.get(one.id) ?? 0) - (order.get(other.id) ?? 0));
  const others = snapshots.filter(({ id }) => !order.has(id));
  const areApart = snapshots.some(({ id }) => states.compared.includes(id) && !order.has(id));
  return [
    ...own.map((snapshot) => ({
      value: snapshot.id,
      label: (areApart ? ofRun(run?.createdAt, states.now) : '') + ownName(snapshot, run),
      says: snapshot.id.slice(0, 12),
    })),
    ...others.map((snapshot) => {
      const itsRun = states.runs.find(({ id }) => id === snapshot.run);
      return {
        value: snapshot.id,
        label: ofRun(itsRun?.createdAt ?? snapshot.createdAt, states.now) + stateName(snapshot),
        says: `${derivationName(snapshot.derivation)} · ${localTime(snapshot.createdAt)}`,
      };
    }),
  ];
}

/** The run's states by id, each with its place. */
function orderIn(run: Run | undefined): ReadonlyMap<string, number> {
  const order = new Map<string, number>();
  run?.phases.forEach(({ snapshot }, at) => {
    if (snapshot !== null) order.set(snapshot, at + 1);
  });
  if (run !== undefined && run.initial !== null) order.set(run.initial, 0);
  return order;
}

function ownName(snapshot: Snapshot, run: Run | undefined): string {
  return snapshot.id === run?.initial ? 'start of the run' : stateName(snapshot);
}

/**
 * `15:35:02 ` of a run of today, `Nov 20, 15:35 ` of an earlier one: what tells its states from those of others. It comes before
 * the name, the end of which may be cut off.
 */
function ofRun(createdAt: string | undefined, now: number): string {
  const at = createdAt === undefined ? NaN : Date.parse(createdAt);
  if (Number.isNaN(at)) return '';
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  const time = new Date(at).toLocaleString('en', {
    ...(isToday ? { second: '2-digit' } : { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return `${time} `;
}

function localTime(createdAt: string): string {
  const date = new Date(createdAt);
  return Number.isNaN(date.getTime())
    ? createdAt
    : date.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
}
