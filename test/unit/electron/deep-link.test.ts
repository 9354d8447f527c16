/** What a link may say, and what of it is asked about. */
import { expect, test } from 'vitest';
import { openedBy, targetOfLink } from '../../../src-main/electron/deep-link.ts';

test.each([
  ['strata://open?target=nixpkgs%23hello', 'nixpkgs#hello'],
  ['strata://open/?target=%2Fhome%2Fme%2Fdefault.nix', '/home/me/default.nix'],
  ['strata://run?target=x', null],
  ['strata://open', null],
  ['strata://open?target=', null],
  ['https://open?target=x', null],
  ['strata://open?target=a%0Ab', null],
  // A right-to-left mark would turn the name around in the question.
  ['strata://open?target=a%E2%80%AEb', null],
  [`strata://open?target=${'a'.repeat(1001)}`, null],
  ['not a link', null],
])('%s names %s', (link, target) => {
  expect(targetOfLink(link)).toBe(target);
});

test('the arguments of a start: a link, a file, or neither', () => {
  expect(openedBy(['strata', '--flag', 'strata://open?target=x'])).toBe('x');
  expect(openedBy(['strata', '/nix/store/a.drv'])).toBe('/nix/store/a.drv');
  expect(openedBy(['strata', '--inspect'])).toBeNull();
});
