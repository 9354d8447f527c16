import { expect, test } from 'vitest';
import { isDisplayLine, withoutDisplayLines } from '../../../src-main/phases/display-lines.ts';
import { state } from './states.ts';

test('lines for Nix are told from lines that speak of them', () => {
  const lines = ['@nix { "action": "setPhase" }', 'echo @nix {}', ''];
  expect(lines.map((line) => isDisplayLine(Buffer.from(line)))).toEqual([true, false, false]);
});

test.each([
  // nixpkgs of 2026, 2024 and 2018; the host stdenv
  String.raw`printf "@nix { \"action\": \"setPhase\", \"phase\": \"%s\" }\n" "$phase" 1>&"$NIX_LOG_FD"`,
  String.raw`echo "@nix { \"action\": \"setPhase\", \"phase\": \"$curPhase\" }" 1>&"$NIX_LOG_FD"`,
  String.raw`echo "@nix { \"action\": \"setPhase\", \"phase\": \"$curPhase\" }" >&$NIX_LOG_FD`,
  String.raw`printf '@nix { "action": "setPhase", "phase": "%s" }\n' "$1" 1>&"${'$'}{NIX_LOG_FD}"`,
])('a function does without %s', (command) => {
  const seen = (given: string): string | undefined =>
    withoutDisplayLines(
      state({ functions: { f: `if true; then\n        ${given};\n    fi` } }),
    ).functions.get('f')?.text;
  expect(seen(command)).toBe('f () \n{ \n    if true; then\n        :;\n    fi\n}\n');
});

test('what else a function prints is left as it is', () => {
  const before = state({
    functions: {
      nixLog: String.raw`printf "%s: %s\n" "$callerName" "$*" 1>&"$NIX_LOG_FD"`,
      piped: `echo "@nix { }" 1>&"$NIX_LOG_FD" | cat`,
    },
  });
  expect(withoutDisplayLines(before)).toStrictEqual(before);
});
