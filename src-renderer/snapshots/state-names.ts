/** The states one can choose from, and what they are called. */
import type { Run, Snapshot } from '../../src-main/protocol/methods.ts';
import type { SelectOption } from '../look/fields.tsx';

/** Stands for the parent of the state that is looked at. */
export const PARENT = 'parent';

/** `fixupPhase`, `my shell (kept)`, `buildPhase (failed)`. */
export function stateName({ phase, status, name }: Snapshot): string {
  if (status === 'kept') return `${name ?? phase} (kept)`;
  return status === 'failed' ? `${phase} (failed)` : phase;
}

/** States with those of `run` first, in the order of its phases; then the others, the newest first. */
export function stateOptions(
  snapshots: readonly Snapshot[],
  run: Run | undefined,
): readonly SelectOption<string>[] {
  const order = new Map<string, number>();
  run?.phases.forEach(({ snapshot }, at) => {
    if (snapshot !== null) order.set(snapshot, at + 1);
  });
  if (run?.initial !== undefined && run.initial !== null) order.set(run.initial, 0);
  const own = snapshots
    .filter(({ id }) => order.has(id))
    .sort((one, other) => (order.get(one.id) ?? 0) - (order.get(other.id) ?? 0));
  const others = snapshots.filter(({ id }) => !order.has(id));
  const option = (snapshot: Snapshot, isOwn: boolean): SelectOption<string> => ({
    value: snapshot.id,
    label: snapshot.id === run?.initial ? 'start of the run' : stateName(snapshot),
    says: isOwn
      ? snapshot.id.slice(0, 12)
      : `${derivationName(snapshot.derivation)} · ${localTime(snapshot.createdAt)}`,
  });
  return [
    ...own.map((snapshot) => option(snapshot, true)),
    ...others.map((snapshot) => option(snapshot, false)),
  ];
}

/** `hello-2.12` of `/nix/store/…-hello-2.12.drv`. */
function derivationName(path: string): string {
  return path.replace(/^.*\/[a-z0-9]{32}-/, '').replace(/\.drv$/, '');
}

function localTime(createdAt: string): string {
  const date = new Date(createdAt);
  return Number.isNaN(date.getTime())
    ? createdAt
    : date.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
}
