/** Which phase wrote a path last, from the layers that led to a state. */
import type { Change } from '../snapshots/change.ts';
import type { PhaseRecord } from './phase-record.ts';
import type { PhaseStore } from './phase-store.ts';

export interface LastWriter {
  readonly phase: string;
  readonly snapshot: string;
}

export class LastWriters {
  /** By path, of contents and of what is not there any more. */
  readonly #contents = new Map<string, LastWriter>();
  /** By path, of modes too. */
  readonly #any = new Map<string, LastWriter>();

  /** Takes the changes of a layer; those of newer layers were taken before. */
  take(changes: readonly Change[], writer: LastWriter): void {
    for (const change of changes) {
      const { path } = change;
      if (!this.#any.has(path)) this.#any.set(path, writer);
      if (!isModeAlone(change) && !this.#contents.has(path)) this.#contents.set(path, writer);
    }
  }

  /** @param what `mode`: who changed anything about it last */
  of(path: string, what: 'contents' | 'mode'): LastWriter | null {
    return (what === 'mode' ? this.#any : this.#contents).get(path) ?? null;
  }
}

/** @param roots the paths that are of interest, with all below them */
export async function lastWriters(
  store: PhaseStore,
  snapshot: string,
  roots: readonly string[],
): Promise<LastWriters> {
  const writers = new LastWriters();
  const isOfInterest = ({ path }: Change): boolean =>
    roots.some((root) => path === root || path.startsWith(`${root}/`));
  for (
    let record = await store.record(snapshot);
    record !== null;
    record = record.parent === null ? null : await store.record(record.parent)
  ) {
    const changes = await store.snapshotter.recordedChanges(record.id);
    writers.take(changes.filter(isOfInterest), { phase: phaseOf(record), snapshot: record.id });
  }
  return writers;
}

function phaseOf({ phase, name, status }: PhaseRecord): string {
  if (status !== 'kept') return phase;
  return name === null ? `a shell while ${phase} was held` : `the shell kept as ${name}`;
}

function isModeAlone(change: Change): boolean {
  return (
    change.kind === 'modified' &&
    change.entry.type === change.old.type &&
    change.entry.content === change.old.content
  );
}
