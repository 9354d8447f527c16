/** What stands before the window: the command palette, the sheet of shortcuts, the questions before a trace is opened or Nix builds. */
import { create } from 'zustand';

/** Which of them are open. */
export const useOverlays = create<{
  readonly palette: boolean;
  readonly shortcuts: boolean;
  readonly trace: boolean;
  readonly nix: boolean;
  readonly nixLog: boolean;
  readonly caches: boolean;
  readonly mounts: boolean;
}>()(() => ({
  palette: false,
  shortcuts: false,
  trace: false,
  nix: false,
  nixLog: false,
  caches: false,
  mounts: false,
}));

/** Opens the command palette, or with `false` closes it. */
export function showPalette(palette: boolean): void {
  useOverlays.setState({ palette });
}

/** Opens the sheet of shortcuts, or with `false` closes it. */
export function showShortcuts(shortcuts: boolean): void {
  useOverlays.setState({ shortcuts });
}

/** Asks for the files of a trace, or with `false` asks no more. */
export function showTraceQuestion(trace: boolean): void {
  useOverlays.setState({ trace });
}

/** Asks how Nix is to build, or with `false` asks no more. */
export function showNixQuestion(nix: boolean): void {
  useOverlays.setState({ nix });
}

/** Asks for the log of an old build by Nix, or with `false` asks no more. */
export function showNixLogQuestion(nixLog: boolean): void {
  useOverlays.setState({ nixLog });
}

/** Shows the binary caches that builds fetch from, or with `false` shows them no more. */
export function showCaches(caches: boolean): void {
  useOverlays.setState({ caches });
}

/** Shows the states that are shown as directories, or with `false` shows them no more. */
export function showMounts(mounts: boolean): void {
  useOverlays.setState({ mounts });
}
