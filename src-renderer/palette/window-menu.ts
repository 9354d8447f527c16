/** The menu of the window: what belongs to no pane. */
import type { MenuEntry } from '../look/menu.tsx';
import { chooseTheme, type ThemeChoice } from '../look/theme.ts';
import { showShortcuts } from '../store/overlays.ts';
import { resetLayout } from '../store/layout.ts';
import { closeTarget } from '../store/wish.ts';

export function windowMenu(theme: ThemeChoice): readonly MenuEntry[] {
  return [
    { kind: 'action', label: 'Welcome', act: closeTarget },
    { kind: 'action', label: 'Keyboard shortcuts', keys: '?', act: () => showShortcuts(true) },
    { kind: 'action', label: 'Reset the layout', act: resetLayout },
    { kind: 'separator' },
    { kind: 'heading', label: 'Appearance' },
    ...(['system', 'light', 'dark'] as const).map((choice): MenuEntry => ({
      kind: 'check',
      label: { system: 'As the system', light: 'Light', dark: 'Dark' }[choice],
      checked: theme === choice,
      act: () => chooseTheme(choice),
    })),
  ];
}
