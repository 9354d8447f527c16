/** Which pane fills the window, and when the layout is to be as at first. Sizes are kept by the layout itself. */
import { create } from 'zustand';
import type { PaneId } from './panes.ts';
import { browserStorage, storedKeys } from './stored.ts';

export const useLayout = create<{
  readonly maximised: PaneId | null;
  /** Grows with each reset. */
  readonly edition: number;
}>()(() => ({ maximised: null, edition: 0 }));

/** Where react-resizable-panels keeps the sizes. */
const prefix = 'react-resizable-panels:';

/** Has a pane fill the window, or gives the others their room again. */
export function toggleMaximised(pane: PaneId): void {
  useLayout.setState(({ maximised }) => ({ maximised: maximised === pane ? null : pane }));
}

/** Shows all panes. */
export function endMaximising(): void {
  useLayout.setState({ maximised: null });
}

/** Back to the sizes of a first start. */
export function resetLayout(): void {
  for (const key of storedKeys(prefix)) browserStorage.removeItem(key);
  useLayout.setState(({ edition }) => ({ maximised: null, edition: edition + 1 }));
}
