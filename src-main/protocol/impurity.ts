/**
 * Expressions that pure evaluation refuses: what they depend on is the machine's, and not written down in the flake. Known by
 * Nix's message after an evaluation; the window knows them in a text before one, and says the same of them.
 */

export type Impurity =
  /** `<nixpkgs>` */
  | { readonly kind: 'search-path'; readonly name: string }
  /** `builtins.currentSystem` or `builtins.currentTime`: there is no such attribute in pure evaluation. */
  | { readonly kind: 'constant'; readonly name: 'currentSystem' | 'currentTime' }
  /** `builtins.getEnv`: an empty string in pure evaluation, and no error. */
  | { readonly kind: 'variable' }
  | { readonly kind: 'path'; readonly path: string }
  /** `fetchTarball`, `fetchurl` without a hash; `fetchGit` and the like without a revision. */
  | { readonly kind: 'fetch'; readonly by: string; readonly lacks: 'hash' | 'revision' }
  /** `builtins.getFlake` of a reference that can mean something else tomorrow. */
  | { readonly kind: 'reference'; readonly reference: string }
  /** `builtins.storePath` */
  | { readonly kind: 'store-path' }
  /** A file that is not in the copy of the flake: Nix takes from a Git repository only what Git knows. */
  | { readonly kind: 'unknown-file'; readonly file: string };

interface Wording {
  readonly says: RegExp;
  /** @param found the part of the message that is in brackets; the empty string where none is */
  readonly means: (found: string) => Impurity;
}

/** Nix's messages. Where no version is named, those from 2.8 to 2.34 say the same. */
const WORDINGS: readonly Wording[] = [
  {
    says: /^cannot look up '<(.+)>' in pure evaluation mode/,
    means: (name) => ({ kind: 'search-path', name }),
  },
  {
    says: /^attribute '(?:builtins\.)?currentSystem' missing/,
    means: () => ({ kind: 'constant', name: 'currentSystem' }),
  },
  {
    says: /^attribute '(?:builtins\.)?currentTime' missing/,
    means: () => ({ kind: 'constant', name: 'currentTime' }),
  },
  {
    // `pure eval mode` until 2.18, `pure evaluation mode` since 2.20.
    says: /^access to absolute path '(.+)' is forbidden in pure eval(?:uation)? mode/,
    means: (path) => ({ kind: 'path', path }),
  },
  {
    // For `~/…` since 2.13; before, it is an absolute path as any other.
    says: /^the path '(.+)' can not be resolved in pure mode/,
    means: (path) => ({ kind: 'path', path }),
  },
  {
    says: /^in pure evaluation mode, '(.+?)' requires a 'sha256' argument/,
    means: (by) => ({ kind: 'fetch', by, lacks: 'hash' }),
  },
  {
    // `requires a locked input` until 2.20, where 2.8 says fetchTree of fetchGit too; then `will not fetch unlocked input '…'`,
    // and `doesn't fetch unlocked input '…'` since 2.31. fetchMercurial `requires a Mercurial revision`.
    says: /^in pure evaluation mode, '(.+?)' (?:requires a locked input|requires a Mercurial revision|(?:will not|doesn't) fetch unlocked input)/,
    means: (by) => ({ kind: 'fetch', by, lacks: 'revision' }),
  },
  {
    says: /^cannot call 'getFlake' on unlocked flake reference '(.+?)', at /,
    means: (reference) => ({ kind: 'reference', reference }),
  },
  {
    says: /^'builtins\.storePath' is not allowed in pure evaluation mode/,
    means: () => ({ kind: 'store-path' }),
  },
  {
    // Of the flake's copy in the store: 2.8 `getting status of '…': No such file or directory`, 2.20 `path '…' does not exist`.
    says: /^(?:getting status of|opening file|path) '\/[^']*?\/[0-9a-z]{32}-source\/(.+)'(?:: No such file| does not exist)/,
    means: (file) => ({ kind: 'unknown-file', file }),
  },
  {
    // Since 2.28.
    says: /^Path '(.+?)' in the repository .* is not tracked by Git/,
    means: (file) => ({ kind: 'unknown-file', file }),
  },
];

/** What an evaluation's error says is impure; null where it is about something else. */
export function impurityOf(message: string): Impurity | null {
  // Nix breaks long lines of a message where it likes.
  const text = message.replace(/\s+/g, ' ');
  for (const { says, means } of WORDINGS) {
    const found = says.exec(text);
    if (found !== null) return means(found[1] ?? '');
  }
  return null;
}

/** What it is that makes the expression impure, and why that is refused: a sentence. */
export function impurityText(impurity: Impurity): string {
  switch (impurity.kind) {
    case 'search-path':
      return `<${impurity.name}> is looked up in NIX_PATH, which is another on each machine.`;
    case 'constant':
      return impurity.name === 'currentSystem'
        ? 'builtins.currentSystem is the machine that evaluates; a flake gives its outputs for each system by name.'
        : 'builtins.currentTime is another at each evaluation, and so would be the derivation.';
    case 'variable':
      return 'builtins.getEnv reads the environment of whoever evaluates; in a flake it gives an empty string.';
    case 'path':
      return `${impurity.path} lies outside the flake: elsewhere it may be another file, or none.`;
    case 'fetch':
      return `What ${impurity.by} gets without a ${impurity.lacks} may be something else tomorrow.`;
    case 'reference':
      return `The flake ${impurity.reference} may be something else tomorrow: no revision is named.`;
    case 'store-path':
      return 'builtins.storePath needs a path that only some stores have.';
    case 'unknown-file':
      return `The copy of the flake that Nix evaluates has no file ${impurity.file}: of a Git repository it takes only what Git knows.`;
  }
}

/** What to write instead. */
export function impurityFix(impurity: Impurity): string {
  switch (impurity.kind) {
    case 'search-path': {
      const input = impurity.name.split('/', 1)[0] ?? impurity.name;
      return input === 'nixpkgs'
        ? `make it an input of the flake: inputs.nixpkgs.url = "github:NixOS/nixpkgs"; then nixpkgs.legacyPackages.\${system}, or import nixpkgs { inherit system; }`
        : `make it an input of the flake: inputs.${input}.url = "…"; and take ${input} as an argument of outputs`;
    }
    case 'constant':
      return impurity.name === 'currentSystem'
        ? 'name the system: packages.x86_64-linux, or a function of system for each that you support; import nixpkgs { inherit system; }'
        : 'take self.lastModified, the time of the last commit, or leave the time out';
    case 'variable':
      return 'make the value an argument of a function, or write it in a file of the flake';
    case 'path':
      return 'copy it into the flake and write a relative path (./name), or make it an input: inputs.name = { url = "path:…"; flake = false; }';
    case 'fetch':
      return impurity.lacks === 'hash'
        ? `give the hash: ${impurity.by} { url = "…"; sha256 = "…"; } (nix-prefetch-url${impurity.by === 'fetchTarball' ? ' --unpack' : ''} URL prints it), or make it an input of the flake`
        : `give the revision: ${impurity.by} { …; rev = "…"; }, or make it an input of the flake, whose revision flake.lock keeps`;
    case 'reference':
      return 'make it an input of the flake, or name a revision: github:OWNER/NAME/REVISION';
    case 'store-path':
      return 'take the package from an input of the flake';
    case 'unknown-file':
      return `if the file is there, have Git know it: git add ${impurity.file}`;
  }
}

/** The advice of an evaluation's error: why, the fix, and what lets it pass as it is, a line each. */
export function impurityAdvice(impurity: Impurity): string {
  return [
    impurityText(impurity),
    impurityFix(impurity),
    ...(isAllowedByImpure(impurity)
      ? ['or let the evaluation depend on this machine: --impure']
      : []),
  ].join('\n');
}

/** Whether `--impure` lets it pass. */
export function isAllowedByImpure(impurity: Impurity): boolean {
  return impurity.kind !== 'unknown-file';
}
