/**
 * A person's shell on the terminal of this process: its layer is thrown away at the end unless it is to be kept.
 */
import type { PhaseRecord } from '../phases/phase-record.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import { ShellLayer, type ShellRequest } from './shell-layer.ts';

export interface ShellResult {
  readonly exitCode: number;
  readonly kept: PhaseRecord | null;
}

/**
 * Opens a shell on the caller's terminal, or runs one command, and waits for its end.
 *
 * @param keep the name to keep the result under; null to throw it away
 */
export async function runShell(
  store: PhaseStore,
  request: ShellRequest,
  keep: string | null,
  signal: AbortSignal,
): Promise<ShellResult> {
  const layer = await ShellLayer.open(store, request);
  let kept: PhaseRecord | null = null;
  try {
    const { exitCode } = await layer.session.runAttached(layer.process, signal);
    await layer.leave();
    // What was to be kept is kept also when the terminal was closed on it.
    if (keep !== null) kept = await layer.keep(keep, exitCode);
    return { exitCode, kept };
  } finally {
    if (kept === null) await layer.discard();
  }
}
