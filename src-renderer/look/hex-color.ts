/** Colours as Monaco and xterm want them. */

/** `#rrggbb`, or `#rrggbbaa` where it is not opaque, for what `getComputedStyle` gives: `rgb(…)` or `rgba(…)`. */
export function hexColor(computed: string): string {
  const [red = 0, green = 0, blue = 0, alpha = 1] = (computed.match(/[\d.]+/g) ?? []).map(Number);
  const hex = (value: number) => Math.round(value).toString(16).padStart(2, '0');
  return `#${[red, green, blue].map(hex).join('')}${alpha === 1 ? '' : hex(alpha * 255)}`;
}
