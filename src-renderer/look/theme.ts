/** Light or dark: what the system says unless the person chose; and the colours as values, for canvases that need them. */
import { z } from '../../src-main/protocol/schema.ts';
import { store, stored } from '../store/stored.ts';

export type Theme = 'light' | 'dark';
export type ThemeChoice = Theme | 'system';

const key = 'theme';
const choiceSchema = z.enum(['light', 'dark', 'system']);
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let choice: ThemeChoice = stored<ThemeChoice>(key, choiceSchema, 'system');
applyChoice();

systemIsDark.addEventListener('change', tell);

/** What the person chose; `system` where they did not. */
export function themeChoice(): ThemeChoice {
  return choice;
}

/** Takes a choice up at once, and remembers it. */
export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  store(key, next);
  applyChoice();
  tell();
}

/** The theme in force. */
export function currentTheme(): Theme {
  if (choice !== 'system') return choice;
  return systemIsDark.matches ? 'dark' : 'light';
}

/** What a colour token (`--accent`) comes to in the theme in force, as `rgb(…)`: for Monaco, xterm and canvases. */
export function tokenColor(token: `--${string}`): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Calls the listener after each change of the theme; for what is no component. Gives the way to end it. */
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}

function applyChoice(): void {
  if (choice === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = choice;
}
