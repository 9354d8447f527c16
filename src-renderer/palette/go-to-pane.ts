/** From anywhere in the window to a pane. */
import { PANES } from '../layout/pane-list.tsx';
import { showPane, type PaneId } from '../store/panes.ts';
import { focusPane } from './focus.ts';

/** Shows a pane and puts the focus there. */
export function goToPane(pane: PaneId): void {
  showPane(pane);
  focusPane(PANES[pane].name);
}
