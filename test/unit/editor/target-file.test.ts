/** Which file the editor opens for a target. */
import { expect, test } from 'vitest';
import { fileOfTarget } from '../../../src-renderer/editor/target-file.ts';

test.each([
  ['default.nix', '/work/default.nix'],
  ['./pkgs/../a.nix', '/work/a.nix'],
  ['.', '/work/default.nix'],
  ['/etc/nixos', '/etc/nixos/default.nix'],
  ['.#hello', '/work/flake.nix'],
  ['#hello', '/work/flake.nix'],
  ['path:/home/me/x#y', '/home/me/x/flake.nix'],
  ['git+file:///home/me/x?ref=main#y', '/home/me/x/flake.nix'],
  // What is not on this machine, or cannot be edited.
  ['nixpkgs#hello', null],
  ['github:NixOS/nixpkgs#hello', null],
  ['<nixpkgs>', null],
  ['/nix/store/a.drv', null],
])('%s: %s', (target, file) => {
  expect(fileOfTarget(target, '/work')).toBe(file);
});
