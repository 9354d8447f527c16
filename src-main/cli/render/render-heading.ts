/** What is built: a few labelled lines above a plan. */
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
