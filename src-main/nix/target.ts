/** What the user wants to build, from the words they typed. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StrataError } from '../protocol/errors.ts';

export type Target =
  | {
      readonly kind: 'file';
      /** An absolute path, or a place on Nix's search path such as `<nixpkgs>`. */
      readonly file: string;
      /** What `-A` selects; null for the whole expression. */
      readonly attribute: string | null;
    }
  /** A path in the reference is absolute. */
  | { readonly kind: 'flake'; readonly reference: string }
  | { readonly kind: 'drv'; readonly path: string };

/**
 * The target that the words name: a `.nix` file or a directory with a `default.nix`, a flake reference, or a `.drv`.
 *
 * @param words what was typed; null for the default, `default.nix` or else `flake.nix` in the working directory.
 * @param attribute what was given with `-A`. For a flake it is the part after `#`.
 * @param cwd the directory to which relative paths relate.
 * @throws StrataError `usage` where nothing of that name exists or the words contradict each other.
 */
export function parseTarget(words: string | null, attribute: string | null, cwd: string): Target {
  if (words === null || words === '') return defaultTarget(attribute, cwd);
  if (/^<.+>$/.test(words)) return { kind: 'file', file: words, attribute };
  const path = resolve(cwd, words);
  if (existsSync(path)) return existing(words, path, attribute);
  if (words.includes('#') || /^[a-z][a-z0-9+.-]*:/.test(words)) {
    return flake(absoluteReference(words, cwd), attribute);
  }
  if (words.endsWith('.drv')) {
    throw noTarget(
      words,
      `there is no file ${path}`,
      'evaluate it again, or fetch it with nix copy',
    );
  }
  if (/\.drv[!^]/.test(words)) {
    const drv = words.replace(/\.drv[!^].*$/, '.drv');
    throw noTarget(words, 'all outputs of a derivation are built together', `name it as ${drv}`);
  }
  const advice = /^[\w-]+(\/[\w.-]+)*$/.test(words)
    ? `give a .nix file, a .drv, or a flake reference such as .#${words} or nixpkgs#${words}`
    : 'give a .nix file, a .drv, or a flake reference such as .#name';
  throw noTarget(words, `there is no file or directory ${path}`, advice);
}

function defaultTarget(attribute: string | null, cwd: string): Target {
  const directory = directoryTarget(cwd, attribute);
  if (directory !== null) return directory;
  throw noTarget(
    'the current directory',
    `there is no default.nix and no flake.nix in ${cwd}`,
    'name what to build: a .nix file, a flake reference such as nixpkgs#hello, or a .drv',
  );
}

function existing(words: string, path: string, attribute: string | null): Target {
  if (statSync(path).isDirectory()) {
    const target = directoryTarget(path, attribute);
    if (target !== null) return target;
    throw noTarget(words, `the directory has no default.nix and no flake.nix`, 'name a .nix file');
  }
  // A link to a .drv (`nix-instantiate --add-root`) is as good as its path.
  const real = realpathSync(path);
  if (!real.endsWith('.drv')) return { kind: 'file', file: path, attribute };
  if (attribute === null) return { kind: 'drv', path: real };
  throw noTarget(words, 'a .drv has no attributes', `leave out -A ${attribute}`);
}

function directoryTarget(directory: string, attribute: string | null): Target | null {
  const file = join(directory, 'default.nix');
  if (existsSync(file)) return { kind: 'file', file, attribute };
  if (existsSync(join(directory, 'flake.nix'))) return flake(directory, attribute);
  return null;
}

function flake(reference: string, attribute: string | null): Target {
  if (attribute === null) return { kind: 'flake', reference };
  if (reference.includes('#')) {
    throw noTarget(reference, 'both -A and # name an attribute', 'leave out one of them');
  }
  return { kind: 'flake', reference: `${reference}#${attribute}` };
}

/** `.#x` and `../other#x` hold wherever they are evaluated; `nixpkgs#x` and `github:…` do as they are. */
function absoluteReference(reference: string, cwd: string): string {
  const path = /^(\.{0,2}(?:\/[^#?]*)?)([#?].*)$/.exec(reference);
  return path === null ? reference : resolve(cwd, path[1] ?? '') + (path[2] ?? '');
}

function noTarget(words: string, reason: string, advice: string): StrataError {
  return new StrataError({ code: 'usage', operation: `opening ${words}`, reason, advice });
}
