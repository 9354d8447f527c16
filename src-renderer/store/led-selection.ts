/**
 * The selection that the window makes by itself, such as the phase that runs just now. It gives way to a person's: what they
 * have chosen stays until they ask for something new.
 */
import { selectPhase, useSelection, type Selection } from './selection.ts';

let led: Selection | null = null;

/** Selects a phase of a run, unless a person has selected something. */
export function lead(run: string, phase: string, snapshot: string | null): void {
  const selection = useSelection.getState();
  const isEmpty = selection.run === null && selection.snapshot === null;
  if (!isEmpty && selection !== led) return;
  selectPhase(run, phase, snapshot);
  led = useSelection.getState();
}

/** A person asked for something new: what is selected now need not stay. */
export function leadFromHere(): void {
  led = useSelection.getState();
}
