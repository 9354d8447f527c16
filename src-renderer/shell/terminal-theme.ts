/** The terminal's colours, from the look's tokens. */
import type { ISearchDecorationOptions } from '@xterm/addon-search';
import type { ITheme } from '@xterm/xterm';
import { hexColor } from '../look/hex-color.ts';
import { tokenColor } from '../look/theme.ts';

const names = [
  ...(['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const),
  ...(['brightBlack', 'brightRed', 'brightGreen', 'brightYellow'] as const),
  ...(['brightBlue', 'brightMagenta', 'brightCyan', 'brightWhite'] as const),
];

export function terminalTheme(): ITheme {
  return {
    background: color('--surface-pane'),
    foreground: color('--text'),
    cursor: color('--accent'),
    cursorAccent: color('--surface-pane'),
    selectionBackground: color('--accent-soft'),
    selectionInactiveBackground: color('--surface-pressed'),
    scrollbarSliderBackground: `${color('--border-strong')}99`,
    scrollbarSliderHoverBackground: color('--border-strong'),
    scrollbarSliderActiveBackground: color('--border-control'),
    ...Object.fromEntries(names.map((name, index) => [name, color(`--ansi-${index}`)])),
  };
}

/** How matches of a search are marked. */
export function matchDecorations(): ISearchDecorationOptions {
  return {
    matchBackground: color('--warning-soft'),
    matchBorder: color('--warning'),
    matchOverviewRuler: color('--warning'),
    activeMatchBackground: color('--accent-soft'),
    activeMatchBorder: color('--accent'),
    activeMatchColorOverviewRuler: color('--accent'),
  };
}

function color(token: `--${string}`): string {
  return hexColor(tokenColor(token));
}
