/** Breakpoints: the phases a run pauses before or after, and what it waits for there. */
import { cancelled } from '../host/process.ts';

/** Where a run stands between two phases: all that was built is committed, and nothing runs. */
export interface Pause {
  readonly run: string;
  readonly phase: string;
  readonly where: 'before' | 'after';
  /** The snapshot reached; null where nothing is there yet. */
  readonly snapshot: string | null;
  /** The phase of this run that left the snapshot; null where the setup, or another run, did. */
  readonly reached: string | null;
}

export interface Breakpoints {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /**
   * Asked at each pause. `end` ends the run there, as `--until` would have. Between two phases it is asked once, even where
   * one has a breakpoint after it and the next one before it.
   */
  readonly onPaused: (pause: Pause) => Promise<'continue' | 'end'>;
}

/**
 * Asks what is to become of a paused run.
 *
 * @throws StrataError `cancelled` where the signal comes first.
 */
export async function askAtPause(
  { onPaused }: Breakpoints,
  pause: Pause,
  signal: AbortSignal,
): Promise<'continue' | 'end'> {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(cancelled(`waiting ${pause.where} ${pause.phase}`));
  });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([stopped, onPaused(pause)]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
