/** The explanation of a failure that was asked for last: what goes on for it, and what it came to. */
import { create } from 'zustand';
import type { ExplanationView } from '../../src-main/protocol/methods.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { listenEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { showPane } from './panes.ts';

export type ExplanationState =
  | { readonly kind: 'none' }
  | { readonly kind: 'going'; readonly run: string; readonly step: string }
  | { readonly kind: 'found'; readonly run: string; readonly explanation: ExplanationView }
  | { readonly kind: 'failed'; readonly run: string; readonly error: WireError };

export const useExplanation = create<{
  readonly state: ExplanationState;
  readonly serial: number;
}>()(() => ({ state: { kind: 'none' }, serial: 0 }));

let asking: AbortController | null = null;

/** Explains the failed phase of a run, in the pane for libraries. Takes the place of an explanation that is under way. */
export async function explainRun(run: string): Promise<void> {
  asking?.abort();
  const controller = new AbortController();
  asking = controller;
  const set = (state: ExplanationState): void => {
    if (asking === controller) useExplanation.setState({ state });
  };
  set({ kind: 'going', run, step: 'Beginning' });
  useExplanation.setState(({ serial }) => ({ serial: serial + 1 }));
  showPane('libraries');
  try {
    await listenEngine(
      'explain',
      { run },
      (item) =>
        item.kind === 'step'
          ? set({ kind: 'going', run, step: item.text })
          : set({ kind: 'found', run, explanation: item.explanation }),
      controller.signal,
    );
  } catch (error) {
    if (isCancelled(error)) set({ kind: 'none' });
    else set({ kind: 'failed', run, error: errorParts(error) });
  }
}

/** Gives an explanation up that is under way. */
export function stopExplaining(): void {
  asking?.abort();
}
