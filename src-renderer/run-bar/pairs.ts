/** `NAME=VALUE` lines and the pairs they stand for. */

export type Pair = [string, string];

/** Why a line is no setting of a variable of the build; null where it is one. */
export function variableProblem(line: string): string | null {
  return pairProblem(line, /^[A-Za-z_]\w*$/, 'a variable');
}

/** Why a line is no argument of a function in Nix; null where it is one. */
export function argumentProblem(line: string): string | null {
  return pairProblem(line, /^[A-Za-z_][\w'-]*$/, 'an argument');
}

function pairProblem(line: string, name: RegExp, what: string): string | null {
  const sign = line.indexOf('=');
  if (sign < 0) return `${line} has no =: ${line}=VALUE sets it.`;
  const given = line.slice(0, sign).trim();
  if (name.test(given)) return null;
  return `${given === '' ? 'Nothing' : `“${given}”`} is no name of ${what}.`;
}

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
