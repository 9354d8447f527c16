/** What Electron's menu and links ask of the window: the same actions as the command palette's. */
import type { DesktopAction, DesktopEvent } from '../../src-main/protocol/desktop-bridge.ts';
import { editorActions } from '../editor/editor-actions.ts';
import { PANES } from '../layout/pane-list.tsx';
import { chooseTheme, currentTheme } from '../look/theme.ts';
import { notify } from '../store/notices.ts';
import { showPalette, showShortcuts } from '../store/overlays.ts';
import { showPane, type PaneId } from '../store/panes.ts';
import { runOrContinue, stop } from '../store/running.ts';
import { closeTarget, openTarget } from '../store/wish.ts';
import { focusPane, focusTarget } from './focus.ts';

export function onDesktop(event: DesktopEvent): void {
  switch (event.kind) {
    case 'action':
      actions[event.action]();
      return;
    case 'open':
      openTarget(event.target);
      return;
    case 'engine-lost':
      notify({
        operation: '',
        reason: `The engine ended unexpectedly (status ${event.exitCode})${event.willRestart ? ' and was started again' : ''}.`,
        advice: event.willRestart
          ? 'Finished phases are kept: run again to go on from there.'
          : 'Finished phases are kept. The dialog that has opened says what can be done.',
      });
      return;
  }
}

const actions: Readonly<Record<DesktopAction, () => void>> = {
  'open-target': focusTarget,
  save: editorActions.save,
  run: () => void runOrContinue(),
  stop: () => void stop(),
  palette: () => showPalette(true),
  shortcuts: () => showShortcuts(true),
  find: editorActions.find,
  format: editorActions.format,
  'focus-editor': () => go('editor'),
  'focus-timeline': () => go('timeline'),
  'focus-snapshots': () => go('snapshots'),
  'focus-shell': () => go('shell'),
  'focus-libraries': () => go('libraries'),
  'focus-log': () => go('log'),
  'toggle-theme': () => chooseTheme(currentTheme() === 'dark' ? 'light' : 'dark'),
  welcome: closeTarget,
};

function go(pane: PaneId): void {
  showPane(pane);
  focusPane(PANES[pane].name);
}
