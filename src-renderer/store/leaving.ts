/** What keeps the window from being closed without a question: work that would be lost with it. */

const reasons = new Set<() => boolean>();

/** From now on the window is not left unasked while `isAtStake` says so. */
export function askBeforeLeaving(isAtStake: () => boolean): void {
  reasons.add(isAtStake);
}

/**
 * Listens for the window's end. The browser asks in words of its own; in Electron main does, as `beforeunload` has no words
 * there.
 */
export function guardLeaving(signal: AbortSignal): void {
  const ask = (event: BeforeUnloadEvent) => {
    if ([...reasons].some((isAtStake) => isAtStake())) event.preventDefault();
  };
  window.addEventListener('beforeunload', ask, { signal });
}

/** Whether the engine ends with the window: in Electron, and in the window of its own that `npm start` opens. */
export function endsWithWindow(): boolean {
  return window.strataDesktop !== undefined || matchMedia('(display-mode: standalone)').matches;
}
