/** What the side view of the editor makes of an evaluated derivation, and of the error where there is none. */
import { describe, expect, test } from 'vitest';
import {
  derivationParts,
  filtered,
  storeName,
} from '../../../src-renderer/editor/derivation-parts.ts';
import { marksIn, placeOf } from '../../../src-renderer/editor/evaluation-marks.ts';

describe('a derivation', () => {
  test('code stands in the order in which it runs, variables by name', () => {
    const names = ['version', 'postInstall', 'buildPhase', 'preConfigure', 'name', 'installPhase'];
    const { code, variables } = derivationParts({ env: names.map((name) => [name, 'x']) });
    expect(code.map(([name]) => name)).toStrictEqual([
      'preConfigure',
      'buildPhase',
      'installPhase',
      'postInstall',
    ]);
    expect(variables.map(([name]) => name)).toStrictEqual(['name', 'version']);
  });

  test('an empty phase, and a variable that only sounds like a hook, are no code', () => {
    const { code } = derivationParts({
      env: [
        ['checkPhase', ''],
        ['prefix', '/'],
        ['postgresql', '/'],
        ['preferLocalBuild', '1'],
      ],
    });
    expect(code).toStrictEqual([]);
  });

  test('structured attributes are shown as what they are', () => {
    const json = '{"env":{"A":"1"},"list":["a","b"],"installPhase":"make install"}';
    expect(
      derivationParts({
        env: [
          ['__json', json],
          ['out', '/o'],
        ],
      }),
    ).toStrictEqual({
      code: [['installPhase', 'make install']],
      variables: [
        ['A', '1'],
        ['list', '[\n  "a",\n  "b"\n]'],
        ['out', '/o'],
      ],
    });
  });

  test('the filter looks at names and values', () => {
    const pairs = [
      ['CFLAGS', '-O2'],
      ['src', '/nix/store/flags'],
      ['out', '/o'],
    ] as const;
    expect(filtered(pairs, ' flags ')).toStrictEqual(pairs.slice(0, 2));
    expect(filtered(pairs, '')).toBe(pairs);
  });

  test('a store path is named without its hash', () => {
    expect(storeName(`/nix/store/${'0'.repeat(32)}-hello-1.drv`)).toBe('hello-1.drv');
  });
});

describe('an evaluation error', () => {
  const error = {
    code: 'nix',
    operation: 'evaluating /a.nix',
    reason: "undefined variable 'x'",
    advice: null,
    choices: [],
    output: null,
    positions: [
      { file: '«string»', line: 1, column: 1 },
      { file: '/a.nix', line: 3, column: 5 },
      { file: '/b.nix', line: 7, column: 1 },
    ],
  };

  test('is marked where it happened as an error and where it came from as a note', () => {
    const [, ...inFiles] = error.positions;
    expect(marksIn('/a.nix', { ...error, positions: inFiles })).toStrictEqual([
      { kind: 'error', message: "undefined variable 'x'", line: 3, column: 5, length: null },
    ]);
    expect(marksIn('/b.nix', { ...error, positions: inFiles })).toStrictEqual([
      { kind: 'info', message: "led to: undefined variable 'x'", line: 7, column: 1, length: null },
    ]);
    expect(marksIn('/c.nix', error)).toStrictEqual([]);
    expect(marksIn('/a.nix', null)).toStrictEqual([]);
  });

  test('is shown at the first place that is in a file', () => {
    expect(placeOf(error)).toStrictEqual({ file: '/a.nix', line: 3, column: 5 });
  });
});
