import { describe, expect, it } from 'vitest';
import { attributeNames, givenSet, nixString } from '../../../src-main/nix/expression.ts';

describe('expressions of Nix', () => {
  it('have strings that mean what is in them', () => {
    expect(nixString('a "b" \\ ${c} $d')).toBe('"a \\"b\\" \\\\ \\${c} \\$d"');
    // Nix makes one line's end of these two, where they stand for themselves.
    expect(nixString('a\r\nb')).toBe('"a\\r\nb"');
  });

  it('take arguments as a person gave them', () => {
    expect(givenSet({ args: [['n', '1 # one']], argstrs: [['s', '1']] })).toBe(
      '{ "n" = (1 # one\n); "s" = "1"; }',
    );
    expect(givenSet({})).toBe('{  }');
  });

  it('find the names of a path as -A does', () => {
    expect(attributeNames('a."b.c".d')).toEqual(['a', 'b.c', 'd']);
    expect(attributeNames('')).toEqual([]);
  });
});
