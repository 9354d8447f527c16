/** What stands before the window: the command palette, the sheet of shortcuts. */
import { create } from 'zustand';

/** Which of them are open. */
export const useOverlays = create<{ readonly palette: boolean; readonly shortcuts: boolean }>()(
  () => ({ palette: false, shortcuts: false }),
);

/** Opens the command palette, or with `false` closes it. */
export function showPalette(palette: boolean): void {
  useOverlays.setState({ palette });
}

/** Opens the sheet of shortcuts, or with `false` closes it. */
export function showShortcuts(shortcuts: boolean): void {
  useOverlays.setState({ shortcuts });
}
