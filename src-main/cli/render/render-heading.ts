/** What is built: a few labelled lines above a plan. */
import type { Plan } from '../../engine/types.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import type { Style } from '../terminal/style.ts';

/** `LABEL  VALUE`, aligned: `width` is that of the longest label. */
export function renderLabelled(
  rows: readonly (readonly [label: string, value: string])[],
  style: Style,
  width = Math.max(...rows.map(([label]) => label.length), 0),
): readonly string[] {
  return rows.map(([label, value]) => `${style.dim(label.padEnd(width))}  ${value}`.trimEnd());
}

/** The name in a store path: `/nix/store/HASH-hello-1.0.drv` gives `hello-1.0`. */
export function derivationName(path: string): string {
  return path.replace(/^.*\/[a-z0-9]{32}-/, '').replace(/\.drv$/, '');
}

/** The values given with --set, as rows of {@link renderLabelled}: a name the derivation does not have may be misspelt. */
export function overrideRows(
  overrides: Plan['overrides'],
  style: Style,
): readonly (readonly [label: string, value: string])[] {
  return overrides.map((override, index) => {
    const text = terminalText(
      `${override.name}=${override.value.replace(/\s*\n\s*/g, ' ')}`,
      'drop',
    );
    const shown = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
    return [index === 0 ? 'set' : '', `${shown}${remark(override, style)}`];
  });
}

const MOST_CHARACTERS = 200;

function remark({ effect, similar }: Plan['overrides'][number], style: Style): string {
  if (effect === 'replaces') return '';
  const mean = similar.length === 0 ? '' : `; did you mean ${similar.join(' or ')}?`;
  return style.yellow(`  (new: the derivation has no such attribute${mean})`);
}
