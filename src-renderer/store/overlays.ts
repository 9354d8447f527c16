/** What stands before the window: the command palette, the sheet of shortcuts. */
import { create } from 'zustand';

export const useOverlays = create<{ readonly palette: boolean; readonly shortcuts: boolean }>()(
  () => ({ palette: false, shortcuts: false }),
);

export function showPalette(palette: boolean): void {
  useOverlays.setState({ palette });
}

export function showShortcuts(shortcuts: boolean): void {
  useOverlays.setState({ shortcuts });
}
