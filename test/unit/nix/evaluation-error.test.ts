import assert from 'node:assert/strict';
import { describe, test } from 'vitest';
import { parseEvaluationError } from '../../../src-main/nix/evaluation-error.ts';

describe('Nix’s evaluation errors', () => {
  test('of 2.8 begin with the error', () => {
    const text = `error: attribute 'y' missing

       at /tmp/err.nix:2:10:

            1| let
            2|   f = x: x.y;
             |          ^
            3| in f { z = 1; }
       Did you mean z?

       … while evaluating 'f'

       at /tmp/err.nix:2:7:

       … from call site

       at /tmp/err.nix:3:4:
`;
    assert.deepStrictEqual(parseEvaluationError(text), {
      message: "attribute 'y' missing",
      positions: [
        { file: '/tmp/err.nix', line: 2, column: 10 },
        { file: '/tmp/err.nix', line: 2, column: 7 },
        { file: '/tmp/err.nix', line: 3, column: 4 },
      ],
    });
  });

  test('of later versions end with the error', () => {
    const text = `warning: Nix search path entry '/x' does not exist
error:
       … from call site
         at /tmp/err.nix:3:4:
            2|   f = x: x.y;
            3| in f { z = 1; }
             |    ^

       … while calling 'f'
         at /tmp/err.nix:2:7:
            1| let

       error: attribute 'y' missing
       at /tmp/err.nix:2:10:
            1| let
            2|   f = x: x.y;
             |          ^
       Did you mean z?
`;
    assert.deepStrictEqual(parseEvaluationError(text), {
      message: "attribute 'y' missing",
      positions: [
        { file: '/tmp/err.nix', line: 2, column: 10 },
        { file: '/tmp/err.nix', line: 2, column: 7 },
        { file: '/tmp/err.nix', line: 3, column: 4 },
      ],
    });
  });

  test('may have colours, several lines, odd file names and no position', () => {
    assert.deepStrictEqual(
      parseEvaluationError(
        '\u001b[31;1merror:\u001b[0m boom\n       multi\n\n       at «string»:1:8:\n',
      ),
      { message: 'boom\nmulti', positions: [{ file: '«string»', line: 1, column: 8 }] },
    );
    assert.deepStrictEqual(parseEvaluationError('error: syntax error, at /a b/c:d.nix:3:1\n'), {
      message: 'syntax error',
      positions: [{ file: '/a b/c:d.nix', line: 3, column: 1 }],
    });
    assert.deepStrictEqual(parseEvaluationError('Killed\n'), { message: 'Killed', positions: [] });
    assert.deepStrictEqual(parseEvaluationError(''), { message: '', positions: [] });
  });
});
