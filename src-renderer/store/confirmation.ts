/** The confirmation of a run that was asked for last: Nix's own build of it from scratch, and what differs. */
import { create } from 'zustand';
import type { ConfirmationView } from '../../src-main/protocol/methods.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { listenEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { refreshRuns } from './runs.ts';

export type ConfirmationState =
  | { readonly kind: 'none' }
  | { readonly kind: 'going'; readonly run: string; readonly step: string }
  | { readonly kind: 'ended'; readonly run: string; readonly confirmation: ConfirmationView }
  | { readonly kind: 'failed'; readonly run: string; readonly error: WireError };

export const useConfirmation = create<{ readonly state: ConfirmationState }>()(() => ({
  state: { kind: 'none' },
}));

let asking: AbortController | null = null;

/** Has Nix build a run's derivation from scratch. Takes the place of a confirmation that is under way. */
export async function confirmRun(run: string): Promise<void> {
  asking?.abort();
  const controller = new AbortController();
  asking = controller;
  const set = (state: ConfirmationState): void => {
    if (asking === controller) useConfirmation.setState({ state });
  };
  set({ kind: 'going', run, step: 'Beginning' });
  try {
    await listenEngine(
      'confirm',
      { run },
      (item) =>
        item.kind === 'step'
          ? set({ kind: 'going', run, step: item.text })
          : set({ kind: 'ended', run, confirmation: item.confirmation }),
      controller.signal,
    );
    // What was unconfirmed may be so no more.
    await refreshRuns();
  } catch (error) {
    if (isCancelled(error)) set({ kind: 'none' });
    else set({ kind: 'failed', run, error: errorParts(error) });
  }
}

/** Ends a confirmation that is under way, and closes what it said. */
export function closeConfirmation(): void {
  asking?.abort();
  asking = null;
  useConfirmation.setState({ state: { kind: 'none' } });
}
