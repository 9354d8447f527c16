/** A derivation as its `.drv` file says it (Nix: src/libstore/derivations.cc, `Derivation::unparse`). */

export interface DerivationOutput {
  /** The store path; the empty string where it is known only after the build (content-addressed). */
  readonly path: string;
  /** `sha256`, `r:sha256`, … for a fixed output; the empty string otherwise. */
  readonly hashAlgorithm: string;
  /** The expected hash in base 16; the empty string otherwise. */
  readonly hash: string;
}

export interface Derivation {
  readonly outputs: ReadonlyMap<string, DerivationOutput>;
  /** Derivations whose outputs are inputs: store path of the `.drv` to the names of the outputs wanted. */
  readonly inputDerivations: ReadonlyMap<string, readonly string[]>;
  /** Store paths that are inputs as they are. */
  readonly inputSources: readonly string[];
  readonly system: string;
  readonly builder: string;
  readonly args: readonly string[];
  /** Values are bytes in principle; they are held as {@link decodePath} gives them. */
  readonly env: ReadonlyMap<string, string>;
}
