/** What Nix is asked to build, and how: the run bar's target with the knobs of a build by Nix. */
import {
  noNixBuildWish,
  type NixBuildWish,
  type NixHoldWish,
  type Wish,
} from '../../src-main/protocol/methods.ts';

/** The knobs of the dialog. */
export interface NixKnobs {
  /** `settings`: as Nix's settings have it. */
  readonly sandbox: 'settings' | 'relaxed' | 'false';
  readonly impure: boolean;
  readonly allowUnfree: boolean;
  readonly check: boolean;
  readonly keepFailed: boolean;
  readonly keepGoing: boolean;
  /** Pause the build where it fails, with a shell in it. */
  readonly hold: boolean;
}

export const NO_KNOBS: NixKnobs = {
  sandbox: 'settings',
  impure: false,
  allowUnfree: false,
  check: false,
  keepFailed: false,
  keepGoing: false,
  hold: false,
};

/** What `strata nix-options` calls each of them. */
export const OPTION_OF = {
  relaxed: '--option sandbox relaxed',
  false: '--option sandbox false',
  impure: '--impure',
  allowUnfree: '--allow-unfree',
  check: '--check',
  keepFailed: '--keep-failed',
  parallel: '--set enableParallelBuilding=false',
  doCheck: '--set doCheck=true',
  noChroot: '__noChroot',
} as const;

/** The same target with the same arguments and variables as a run has, by Nix. */
export function nixWishOf(wish: Wish, knobs: NixKnobs): NixBuildWish {
  const { sandbox, allowUnfree, check, keepFailed, keepGoing } = knobs;
  const { target, attribute, args, argstrs, options, set } = wish;
  return {
    ...noNixBuildWish,
    allowUnfree,
    check,
    keepFailed,
    keepGoing,
    target,
    attribute: attribute === '' ? null : attribute,
    args,
    argstrs,
    options: sandbox === 'settings' ? options : [...options, ['sandbox', sandbox]],
    impure: knobs.impure || wish.impure,
    set,
  };
}

/** The same of a build that is held at its failure. */
export function nixHoldWishOf(wish: Wish, knobs: NixKnobs): NixHoldWish {
  const { target, attribute, args, argstrs, options, impure, allowUnfree, set } = nixWishOf(
    wish,
    knobs,
  );
  return { target, attribute, args, argstrs, options, impure, allowUnfree, set, enterBy: null };
}
