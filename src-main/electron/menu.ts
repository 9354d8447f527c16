/** The application's menu: every action of the window, with the keys that the window itself listens to. */
import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { DesktopAction } from '../protocol/desktop-bridge.ts';

export interface MenuActions {
  readonly perform: (action: DesktopAction) => void;
  readonly openFile: () => void;
}

export function setApplicationMenu(actions: MenuActions, platform: NodeJS.Platform): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions, platform)));
}

function menuTemplate(
  { perform, openFile }: MenuActions,
  platform: NodeJS.Platform,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  /** The accelerator is shown; the key itself reaches the page, which knows what has the focus. */
  const item = (
    label: string,
    action: DesktopAction,
    accelerator?: string,
  ): MenuItemConstructorOptions => ({
    label,
    click: () => perform(action),
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'File',
      submenu: [
        { label: 'Open File…', click: openFile },
        item('Open Target…', 'open-target', 'CmdOrCtrl+O'),
        item('Welcome', 'welcome'),
        separator,
        item('Save', 'save', 'CmdOrCtrl+S'),
        separator,
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: 'Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        separator,
        item('Find', 'find', 'CmdOrCtrl+F'),
        item('Format', 'format', 'CmdOrCtrl+Shift+I'),
      ],
    },
    {
      label: 'Build',
      submenu: [item('Run', 'run', 'CmdOrCtrl+Enter'), item('Stop', 'stop', 'CmdOrCtrl+.')],
    },
    {
      label: 'View',
      submenu: [
        item('Command Palette…', 'palette', 'CmdOrCtrl+K'),
        separator,
        item('Derivation Editor', 'focus-editor', 'Alt+1'),
        item('Phase Timeline', 'focus-timeline', 'Alt+2'),
        item('Snapshot Browser', 'focus-snapshots', 'Alt+5'),
        item('Shell', 'focus-shell', 'Alt+4'),
        item('Libraries', 'focus-libraries', 'Alt+6'),
        item('Log', 'focus-log', 'Alt+3'),
        separator,
        item('Light or Dark', 'toggle-theme'),
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        separator,
        // The role's own key on Linux, Ctrl+Shift+I, is that of Format.
        { role: 'toggleDevTools', accelerator: 'CmdOrCtrl+Alt+I' },
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [item('Keyboard Shortcuts', 'shortcuts')] },
  ];
}
