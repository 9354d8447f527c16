/** The runs of this cache, the newest first, and the states they left. */
import { create } from 'zustand';
import type { Run, Snapshot } from '../../src-main/protocol/methods.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { callEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';

export interface Runs {
  /** False until the engine has answered once. */
  readonly known: boolean;
  readonly runs: readonly Run[];
  readonly snapshots: readonly Snapshot[];
  readonly error: WireError | null;
}

/** What the engine last said of the runs of its cache. */
export const useRuns = create<Runs>()(() => ({
  known: false,
  runs: [],
  snapshots: [],
  error: null,
}));

const most = 60;
let asking: AbortController | null = null;

/** Reads runs and snapshots again. */
export async function refreshRuns(): Promise<void> {
  asking?.abort();
  const controller = new AbortController();
  asking = controller;
  const { signal } = controller;
  try {
    const [runs, snapshots] = await Promise.all([
      callEngine('runs', { limit: most }, signal),
      callEngine('snapshots', {}, signal),
    ]);
    useRuns.setState({ known: true, runs, snapshots, error: null });
  } catch (error) {
    if (!isCancelled(error) && !signal.aborted) useRuns.setState({ error: errorParts(error) });
  }
}
