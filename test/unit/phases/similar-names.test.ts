import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean, similarNames } from '../../../src-main/phases/similar-names.ts';

const phases = ['unpackPhase', 'patchPhase', 'buildPhase', 'checkPhase', 'installPhase'];

test.each([
  ['buildPhas', ['buildPhase']],
  ['build', ['buildPhase']],
  ['BuildPhase', ['buildPhase']],
  ['bulidPhase', ['buildPhase']],
  ['pacthPhase', ['patchPhase']],
  ['checkPhases', ['checkPhase']],
  ['fourPhase', []],
  ['b', []],
  ['', []],
  ['somethingElse', []],
])('by %j are meant %j', (word, meant) => {
  expect(similarNames(word, phases)).toEqual(meant);
});

test('as a question', () => {
  expect(didYouMean('doCheks', ['doCheck', 'dontCheck', 'doChecks'])).toBe(
    'did you mean doChecks? ',
  );
  expect(didYouMean('inst', ['installPhase', 'buildPhase', 'installCheckPhase'])).toBe(
    'did you mean installCheckPhase or installPhase? ',
  );
  expect(didYouMean('nothing', phases)).toBe('');
});

test('a name with one slip is found, among any others', () => {
  const name = fc.stringMatching(/^[a-z]{6,12}$/);
  fc.assert(
    fc.property(name, fc.nat(), fc.array(name, { maxLength: 2 }), (meant, number, others) => {
      const at = number % meant.length;
      const slip = meant.slice(0, at) + meant.slice(at + 1);
      expect(similarNames(slip, [...others, meant])).toContain(meant);
    }),
  );
});
