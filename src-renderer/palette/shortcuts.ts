/** The keys of the window. They come before those of the editor; a terminal keeps all but the few it cannot want. */
import { PANE_ORDER, PANES } from '../layout/pane-list.tsx';
import { isModalOpen } from '../look/dialog.tsx';
import { showPalette, showShortcuts, useOverlays } from '../store/overlays.ts';
import { endMaximising, useLayout } from '../store/layout.ts';
import { runOrContinue, stop } from '../store/running.ts';
import { useWish } from '../store/wish.ts';
import { focusNextPane, focusTarget } from './focus.ts';
import { goToPane } from './go-to-pane.ts';
import { alt, control, withControl } from './keys.ts';

export interface Shortcut {
  readonly keys: string;
  readonly does: string;
}

export interface ShortcutGroup {
  readonly name: string;
  readonly shortcuts: readonly Shortcut[];
}

/** For the sheet. */
export function shortcutGroups(): readonly ShortcutGroup[] {
  return [
    {
      name: 'Everywhere',
      shortcuts: [
        { keys: control('K'), does: 'Command palette' },
        { keys: control('Shift P'), does: 'Command palette, from a terminal too' },
        { keys: control('O'), does: 'Open a target' },
        { keys: control('Enter'), does: 'Run, or go on from a breakpoint' },
        { keys: control('.'), does: 'Stop the run' },
        { keys: 'F6', does: 'Next pane' },
        { keys: 'Shift F6', does: 'Pane before' },
        { keys: 'Escape', does: 'End the maximising of a pane' },
        { keys: '?', does: 'These shortcuts' },
      ],
    },
    {
      name: 'Panes',
      shortcuts: PANE_ORDER.map((pane, index) => ({
        keys: alt(String(index + 1)),
        does: PANES[pane].name,
      })),
    },
    {
      name: 'In the timeline',
      shortcuts: [
        { keys: '← →', does: 'Phase before, phase after' },
        { keys: '↑ ↓', does: 'The same phase of another run' },
        { keys: 'Home End', does: 'First phase, last phase' },
        { keys: 'Enter', does: 'Its log' },
        { keys: 'Shift F10', does: 'Its menu' },
        { keys: '+ −', does: 'Zoom in, zoom out' },
        { keys: '0', does: 'Fit the width' },
        { keys: control('Wheel'), does: 'Zoom at the pointer' },
      ],
    },
    {
      name: 'In the editor',
      shortcuts: [
        { keys: control('S'), does: 'Save' },
        { keys: control('F'), does: 'Find' },
        { keys: 'F12', does: 'Go to the definition' },
        { keys: 'F1', does: 'Commands of the editor' },
      ],
    },
  ];
}

/** Listens until the signal, before everything in the window. */
export function listenForKeys(signal: AbortSignal): void {
  window.addEventListener('keydown', (event) => onKey(event), { capture: true, signal });
}

function onKey(event: KeyboardEvent): void {
  const action = actionOf(event);
  if (action === null) return;
  event.preventDefault();
  event.stopPropagation();
  // A question has the keys to itself: nothing acts behind it, nor does the browser in our place.
  if (!isModalOpen() || closesOverlay(action)) action();
}

/** Whether the key that opened what stands before the window is to close it. */
function closesOverlay(action: () => void): boolean {
  const { palette, shortcuts } = useOverlays.getState();
  return (palette && action === togglePalette) || (shortcuts && action === toggleShortcuts);
}

function togglePalette(): void {
  showPalette(!useOverlays.getState().palette);
}

function toggleShortcuts(): void {
  showShortcuts(!useOverlays.getState().shortcuts);
}

function actionOf(event: KeyboardEvent): (() => void) | null {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const controlled = withControl(event);
  const terminal = isIn(event.target, '.xterm') && !event.metaKey;
  if (controlled && event.shiftKey && key === 'p') return togglePalette;
  if (key === 'F6') return () => focusNextPane(event.shiftKey ? -1 : 1);
  if (terminal) return null;
  if (controlled && !event.shiftKey) {
    switch (key) {
      case 'k':
        return togglePalette;
      case 'Enter':
        return () => void runOrContinue();
      case '.':
        return () => void stop();
      case 'o':
        return focusTarget;
      default:
        return null;
    }
  }
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    const pane = PANE_ORDER[Number(event.code.replace('Digit', '')) - 1];
    if (pane === undefined || useWish.getState().wish.target === '') return null;
    return () => goToPane(pane);
  }
  if (
    event.key === '?' &&
    !isIn(event.target, 'input, textarea, [contenteditable], .monaco-editor')
  ) {
    return toggleShortcuts;
  }
  const overlaid = document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]');
  if (
    key === 'Escape' &&
    overlaid === null &&
    useLayout.getState().maximised !== null &&
    !isIn(event.target, 'input, textarea')
  ) {
    return endMaximising;
  }
  return null;
}

function isIn(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
