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

test.each([
  [['--flag', 'strata://open?target=x'], 'x'],
  [['/nix/store/a.drv'], '/nix/store/a.drv'],
  [['hello.nix'], '/home/me/hello.nix'],
  [['../it/default.nix'], '/home/it/default.nix'],
  // As GNOME's file manager gives it.
  [['file:///home/me/a%20b.drv'], '/home/me/a b.drv'],
  [['--inspect'], null],
  // A link that is refused is no file, whatever it ends in.
  [['strata://open?target=a%0Ab.drv'], null],
  [['strata://run/x.nix'], null],
  [['https://example.org/x.nix'], null],
  [['file://elsewhere/x.nix'], null],
  [['/home/me/a\u202exin.nix'], null],
  [[`/${'a'.repeat(1000)}.nix`], null],
])('of the arguments %j of a start, %s is opened', (words, target) => {
  expect(openedBy(['strata', ...words], '/home/me')).toBe(target);
});
