/** What all panes look at: one run, one phase of it, and the two states that are compared. */
import { create } from 'zustand';

export interface Selection {
  readonly run: string | null;
  readonly phase: string | null;
  /** The state that is looked at; null where the phase has left none (yet). */
  readonly snapshot: string | null;
  /** The state it is compared with; null stands for its parent. */
  readonly against: string | null;
}

const nothing: Selection = { run: null, phase: null, snapshot: null, against: null };

/** What is selected. */
export const useSelection = create<Selection>()(() => nothing);

/** A phase of a run, as one chooses it in the timeline. What it is compared with goes back to its parent. */
export function selectPhase(run: string, phase: string, snapshot: string | null): void {
  useSelection.setState({ run, phase, snapshot, against: null }, true);
}

/** A state that need not belong to a run on screen: one kept from a shell, or chosen in the snapshot browser. */
export function selectSnapshot(snapshot: string, against: string | null = null): void {
  useSelection.setState({ snapshot, against });
}

/** What the selected state is compared with; null for its parent. */
export function selectAgainst(against: string | null): void {
  useSelection.setState({ against });
}

/** Nothing is selected, as when a target is opened. */
export function clearSelection(): void {
  useSelection.setState(nothing, true);
}
