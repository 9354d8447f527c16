/** What Electron's menu and links ask of the window: the same actions as the command palette's. */
import type { DesktopAction, DesktopEvent } from '../../src-main/protocol/desktop-bridge.ts';
import { editorActions } from '../editor/editor-actions.ts';
import { isModalOpen } from '../look/dialog.tsx';
import { chooseTheme, currentTheme } from '../look/theme.ts';
import { notify } from '../store/notices.ts';
import { showPalette, showShortcuts } from '../store/overlays.ts';
import { runOrContinue, stop } from '../store/running.ts';
import { closeTarget, openTarget } from '../store/wish.ts';
import { focusTarget } from './focus.ts';
import { goToPane } from './go-to-pane.ts';

/** Does what Electron's menu, a link or the end of the engine's process asks for. */
export function onDesktop(event: DesktopEvent): void {
  switch (event.kind) {
    case 'action':
      // The menu's keys are those of the window: nothing acts behind a question.
      if (!isModalOpen()) actions[event.action]();
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
  'focus-editor': () => goToPane('editor'),
  'focus-timeline': () => goToPane('timeline'),
  'focus-snapshots': () => goToPane('snapshots'),
  'focus-shell': () => goToPane('shell'),
  'focus-libraries': () => goToPane('libraries'),
  'focus-log': () => goToPane('log'),
  'toggle-theme': () => chooseTheme(currentTheme() === 'dark' ? 'light' : 'dark'),
  welcome: closeTarget,
};
