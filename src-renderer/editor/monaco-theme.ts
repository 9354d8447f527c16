/** Monaco's theme, made of the look's tokens: it follows light and dark with the rest of the window. */
import type { editor } from 'monaco-editor/editor';
import { currentTheme, onThemeChange, tokenColor } from '../look/theme.ts';
import { hexColor } from '../look/hex-color.ts';
import type { Monaco } from './monaco-type.ts';

const name = 'strata';

/** Which token colours which kind of word; kinds are those of the grammars, and a kind counts for those below it too. */
const words: readonly (readonly [kind: string, token: `--${string}`, style?: string])[] = [
  ['', '--text'],
  ['comment', '--text-faint', 'italic'],
  ['keyword', '--accent-text'],
  ['string', '--succeeded'],
  ['string.escape', '--warning'],
  ['string.path', '--warning'],
  ['string.uri', '--warning'],
  ['delimiter', '--text-quiet'],
  ['delimiter.interpolation', '--warning'],
  ['operator', '--text-quiet'],
  ['number', '--reused'],
  ['constant', '--reused'],
  ['predefined', '--reused'],
  ['type', '--reused'],
  ['variable.defined', '--running'],
  ['variable.parameter', '--failed'],
  ['variable', '--text'],
  ['attribute.name', '--running'],
  ['tag', '--accent-text'],
  ['metatag', '--accent-text'],
];

const surfaces: Readonly<Record<string, `--${string}`>> = {
  'editor.background': '--surface-pane',
  'editor.foreground': '--text',
  'editorGutter.background': '--surface-pane',
  'editorLineNumber.foreground': '--text-faint',
  'editorLineNumber.activeForeground': '--text',
  'editorCursor.foreground': '--accent',
  'editor.selectionBackground': '--accent-soft',
  'editor.lineHighlightBackground': '--surface-header',
  'editor.lineHighlightBorder': '--surface-header',
  'editorIndentGuide.background1': '--border',
  'editorIndentGuide.activeBackground1': '--border-strong',
  'editorWidget.background': '--surface-raised',
  'editorWidget.foreground': '--text',
  'editorWidget.border': '--border-strong',
  'editorHoverWidget.background': '--surface-raised',
  'editorSuggestWidget.background': '--surface-raised',
  'editorSuggestWidget.selectedBackground': '--surface-selected',
  'editorSuggestWidget.selectedForeground': '--text',
  // Brackets are quiet: their partner is shown when the cursor is at one.
  'editorBracketHighlight.foreground1': '--text-quiet',
  'editorBracketHighlight.foreground2': '--text-quiet',
  'editorBracketHighlight.foreground3': '--text-quiet',
  'editorBracketHighlight.foreground4': '--text-quiet',
  'editorBracketHighlight.foreground5': '--text-quiet',
  'editorBracketHighlight.foreground6': '--text-quiet',
  'editorError.foreground': '--failed',
  'editorWarning.foreground': '--warning',
  'editorInfo.foreground': '--running',
  'editorStickyScroll.background': '--surface-pane',
  'editorStickyScrollHover.background': '--surface-hover',
  'input.background': '--surface-field',
  'input.foreground': '--text',
  'input.border': '--border-control',
  'dropdown.background': '--surface-raised',
  'dropdown.foreground': '--text',
  'quickInput.background': '--surface-raised',
  'quickInput.foreground': '--text',
  'list.activeSelectionBackground': '--surface-selected',
  'list.activeSelectionForeground': '--text',
  'list.focusBackground': '--surface-selected',
  'list.focusForeground': '--text',
  'list.hoverBackground': '--surface-hover',
  'menu.background': '--surface-raised',
  'menu.foreground': '--text',
  'menu.selectionBackground': '--surface-selected',
  'menu.selectionForeground': '--text',
  'diffEditor.insertedLineBackground': '--added-soft',
  'diffEditor.removedLineBackground': '--removed-soft',
  'diffEditor.unchangedRegionBackground': '--surface-header',
  focusBorder: '--focus',
};

/** Puts the theme in force, now and whenever the look's changes. */
export function followTheme(monaco: Monaco): void {
  const apply = (): void => {
    monaco.editor.defineTheme(name, themeFromTokens());
    monaco.editor.setTheme(name);
  };
  apply();
  onThemeChange(apply);
}

function themeFromTokens(): editor.IStandaloneThemeData {
  const color = (token: `--${string}`) => hexColor(tokenColor(token));
  return {
    base: currentTheme() === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: words.map(([token, from, fontStyle]) => ({
      token,
      // Rules want the digits alone.
      foreground: color(from).slice(1),
      ...(fontStyle === undefined ? {} : { fontStyle }),
    })),
    colors: Object.fromEntries(
      Object.entries(surfaces).map(([part, token]) => [part, color(token)]),
    ),
  };
}
