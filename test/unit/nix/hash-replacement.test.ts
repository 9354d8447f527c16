import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { HashReplacement } from '../../../src-main/nix/hash-replacement.ts';

describe('hashes of store paths in a stream', () => {
  const hashes = new Map([
    ['aaab', '1111'],
    ['bbbb', '2222'],
  ]);

  test('are replaced however it is cut, and nothing else is', () => {
    const text = fc
      .array(fc.constantFrom('aaab', 'bbbb', 'aaa', 'b', 'x', '\0'), { maxLength: 30 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(120)), (whole, cuts) => {
        const edges = [0, ...cuts.filter((cut) => cut < whole.length), whole.length];
        const replacement = new HashReplacement(hashes);
        edges.sort((a, b) => a - b);
        const pieces = edges
          .slice(1)
          .map((end, at) => replacement.push(Buffer.from(whole.slice(edges[at], end))).toString());
        const once = new HashReplacement(hashes);
        const expected = once.push(Buffer.from(whole)).toString() + once.end().toString();
        assert.equal(pieces.join('') + replacement.end().toString(), expected);
        assert.equal(expected.length, whole.length);
        assert.ok(!expected.includes('aaab'), expected);
      }),
    );
  });

  test('are found at both ends', () => {
    const replacement = new HashReplacement(hashes);
    const first = replacement.push(Buffer.from('aaab-')).toString();
    const second = replacement.push(Buffer.from('-bbbb')).toString();
    assert.equal(first + second + replacement.end().toString(), '1111--2222');
  });
});
