/** `NAME=VALUE` lines and the pairs they stand for. */

export type Pair = [string, string];

/** The pairs of such lines. A line without `=` is a name with an empty value; spaces around names are dropped. */
export function pairsOf(lines: readonly string[]): Pair[] {
  return lines.map((line) => {
    const sign = line.indexOf('=');
    return sign < 0 ? [line, ''] : [line.slice(0, sign).trim(), line.slice(sign + 1)];
  });
}

/** Pairs as such lines. */
export function linesOf(pairs: readonly (readonly [string, string])[]): string[] {
  return pairs.map(([name, value]) => `${name}=${value}`);
}

/** What a switch of the derivation is set to: as it says, or on or off against it. */
export type Setting = 'derivation' | 'on' | 'off';

/** What a switch is set to by the pairs, where only an empty value is off. */
export function settingOf(pairs: readonly (readonly [string, string])[], name: string): Setting {
  const found = pairs.find(([one]) => one === name);
  if (found === undefined) return 'derivation';
  return found[1] === '' ? 'off' : 'on';
}

/** The pairs with `name` set so: Nix's own `true` is "1" and its `false` is "". */
export function withSetting(
  pairs: readonly (readonly [string, string])[],
  name: string,
  setting: Setting,
): Pair[] {
  const others = pairs.filter(([one]) => one !== name).map(([one, value]): Pair => [one, value]);
  return setting === 'derivation' ? others : [...others, [name, setting === 'on' ? '1' : '']];
}
